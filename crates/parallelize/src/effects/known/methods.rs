//! Methods of plain data and of images whose effects are known.

/// Methods of strings, images and containers that change nothing and give something new.
const FRESH_METHODS: &[&str] = &[
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "title",
    "capitalize",
    "casefold",
    "startswith",
    "endswith",
    "replace",
    "join",
    "format",
    "find",
    "rfind",
    "isdigit",
    "isalpha",
    "isalnum",
    "isnumeric",
    "isspace",
    "isupper",
    "islower",
    "zfill",
    "ljust",
    "rjust",
    "center",
    "removeprefix",
    "removesuffix",
    "split",
    "rsplit",
    "splitlines",
    "partition",
    "encode",
    "count",
    "index",
    "crop",
    "resize",
    "rotate",
    "convert",
    "transpose",
    "issubset",
    "isdisjoint",
    "bit_length",
    "rpartition",
    "rindex",
    "swapcase",
    "expandtabs",
    "isidentifier",
    "isdecimal",
    "istitle",
    "translate",
    "decode",
    "issuperset",
    "is_integer",
    "most_common",
    "group",
    "groups",
    "groupdict",
    "isoformat",
    "strftime",
    "weekday",
    "isoweekday",
    "toordinal",
    "total_seconds",
    "quantize",
    "as_tuple",
    "hexdigest",
    "result",
    "getbbox",
    "getpixel",
    "getcolors",
    "histogram",
    "tobytes",
    "getchannel",
    "elements",
    "symmetric_difference",
];

/// Methods that look into a container.
const LOOKING_METHODS: &[&str] = &[
    "get",
    "keys",
    "values",
    "items",
    "copy",
    "union",
    "intersection",
    "difference",
];

/// Methods that change the container they belong to, and nothing else.
const MUTATING_METHODS: &[&str] = &[
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "popitem",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "add",
    "discard",
    "appendleft",
    "popleft",
    "extendleft",
    "move_to_end",
    "subtract",
    "difference_update",
    "intersection_update",
    "symmetric_difference_update",
];

/// Methods of images that change them; what they are given is copied, not kept.
const PAINTING_METHODS: &[&str] = &[
    "paste",
    "putpixel",
    "putalpha",
    "putdata",
    "thumbnail",
    "alpha_composite",
];

/// Methods of `ImageDraw` that change the image underneath.
const DRAWING_METHODS: &[&str] = &[
    "rectangle",
    "rounded_rectangle",
    "text",
    "multiline_text",
    "line",
    "ellipse",
    "polygon",
    "regular_polygon",
    "arc",
    "chord",
    "pieslice",
    "bitmap",
];

pub(crate) fn is_fresh_method(name: &str) -> bool {
    FRESH_METHODS.contains(&name)
}

/// Methods that walk along their arguments, and so use up an iterator.
pub(crate) fn walks_its_arguments(name: &str) -> bool {
    matches!(
        name,
        "join"
            | "extend"
            | "extendleft"
            | "update"
            | "union"
            | "intersection"
            | "difference"
            | "issubset"
            | "isdisjoint"
            | "issuperset"
            | "symmetric_difference"
            | "difference_update"
            | "intersection_update"
            | "symmetric_difference_update"
            | "subtract"
    )
}

/// Attributes of images and dates: numbers, texts, and tuples of such.
pub(crate) fn is_plain_attribute(name: &str) -> bool {
    matches!(
        name,
        "size" | "width" | "height" | "mode" | "year" | "month" | "day" | "hour" | "minute"
    )
}

pub(crate) fn is_looking_method(name: &str) -> bool {
    LOOKING_METHODS.contains(&name)
}

pub(crate) fn is_mutating_method(name: &str) -> bool {
    MUTATING_METHODS.contains(&name)
}

pub(crate) fn is_painting_method(name: &str) -> bool {
    PAINTING_METHODS.contains(&name)
}

pub(crate) fn is_drawing_method(name: &str) -> bool {
    DRAWING_METHODS.contains(&name)
}
