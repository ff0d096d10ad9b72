//! Builtins and methods of plain data whose effects are known. What is not here is unknown, and stays.

/// Builtins that only compute a value without references to their arguments.
const SCALAR_BUILTINS: &[&str] = &[
    "len",
    "int",
    "float",
    "str",
    "bool",
    "abs",
    "round",
    "sum",
    "any",
    "all",
    "isinstance",
    "repr",
    "chr",
    "ord",
    "divmod",
    "format",
    "bytes",
    "pow",
    "hex",
    "bin",
    "type",
    "callable",
];

/// Builtins that make a new container of their arguments' items.
const CONTAINER_BUILTINS: &[&str] = &["list", "tuple", "set", "frozenset", "dict", "sorted"];

/// Builtins whose result walks along their arguments; fixed when the arguments are (A6).
const ITERATOR_BUILTINS: &[&str] = &["enumerate", "zip", "reversed"];

/// Builtins that give one of their arguments, or of its items.
const CHOOSING_BUILTINS: &[&str] = &["min", "max"];

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
];

/// Functions of modules that only compute. `module.name`.
const MODULE_FUNCTIONS: &[(&str, &[&str])] = &[
    (
        "math",
        &[
            "ceil", "floor", "sqrt", "hypot", "fabs", "log", "log10", "exp", "pow", "isclose",
            "dist", "trunc",
        ],
    ),
    ("json", &["dumps", "loads"]),
    ("re", &["sub", "split", "findall", "escape"]),
    ("Image", &["open"]),
    ("statistics", &["mean", "median", "stdev", "pstdev", "mode"]),
];

/// Functions that look at the code that calls them (A7).
const SELF_LOOKING: &[&str] = &[
    "locals",
    "globals",
    "vars",
    "eval",
    "exec",
    "dir",
    "_getframe",
    "current_task",
    "stack",
    "currentframe",
];

pub(crate) fn is_scalar_builtin(name: &str) -> bool {
    SCALAR_BUILTINS.contains(&name)
}

/// Scalar builtins that use up an iterator.
pub(crate) fn walks_its_argument(name: &str) -> bool {
    matches!(name, "sum" | "any" | "all")
}

pub(crate) fn is_container_builtin(name: &str) -> bool {
    CONTAINER_BUILTINS.contains(&name)
}

pub(crate) fn is_iterator_builtin(name: &str) -> bool {
    ITERATOR_BUILTINS.contains(&name)
}

pub(crate) fn is_choosing_builtin(name: &str) -> bool {
    CHOOSING_BUILTINS.contains(&name)
}

pub(crate) fn is_builtin(name: &str) -> bool {
    is_scalar_builtin(name)
        || is_container_builtin(name)
        || is_iterator_builtin(name)
        || name == "range"
        || is_choosing_builtin(name)
}

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
    )
}

pub(crate) fn is_looking_method(name: &str) -> bool {
    LOOKING_METHODS.contains(&name)
}

pub(crate) fn is_mutating_method(name: &str) -> bool {
    MUTATING_METHODS.contains(&name)
}

pub(crate) fn is_module_function(module: &str, name: &str) -> bool {
    let known = MODULE_FUNCTIONS.iter().find(|(known, _)| *known == module);
    known.is_some_and(|(_, names)| names.contains(&name))
}

/// `operator.itemgetter("price")` and its like as a key.
pub(crate) fn is_getter(callee: &dice_program::ast::Expr) -> bool {
    matches!(super::last_name(callee), Some("itemgetter" | "attrgetter"))
}

pub(crate) fn looks_at_itself(name: &str) -> bool {
    SELF_LOOKING.contains(&name)
}
