//! Python's own names: which there are, and what the common ones give.

use std::collections::HashSet;
use std::sync::LazyLock;

use dice_catalog::Type;

use super::kind::Kind;

static BUILTINS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/builtins-3.11.txt")
        .lines()
        .collect()
});

static STANDARD_MODULES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../../data/stdlib-3.11.txt").lines().collect());

pub(super) const LIST_METHODS: [&str; 11] = [
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
];

pub(super) const DICT_METHODS: [&str; 11] = [
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];

pub(crate) fn is_builtin(name: &str) -> bool {
    BUILTINS.contains(name)
}

pub(crate) fn is_standard_module(name: &str) -> bool {
    STANDARD_MODULES.contains(name)
}

pub(super) fn annotated(name: &str) -> Kind {
    match name {
        "str" => Kind::TEXT,
        "int" => Kind::INTEGER,
        "bool" => Kind::BOOLEAN,
        // `float` is given integers too; `dict` and `list` say nothing of what is inside.
        "float" => Kind::NUMBER,
        _ => Kind::Unknown,
    }
}

/// What a builtin function gives for these positional arguments.
pub(super) fn result(name: &str, arguments: &[Kind]) -> Kind {
    let first_item = || {
        arguments
            .first()
            .and_then(Kind::item)
            .unwrap_or(Kind::Unknown)
    };
    match name {
        "len" | "int" | "ord" | "hash" | "id" => Kind::INTEGER,
        "float" => Kind::NUMBER,
        "str" | "repr" | "chr" | "format" | "ascii" | "hex" | "oct" | "bin" => Kind::TEXT,
        "bool" | "isinstance" | "any" | "all" | "callable" | "hasattr" => Kind::BOOLEAN,
        "sorted" | "list" => Kind::list(first_item()),
        "reversed" | "tuple" | "set" | "frozenset" | "iter" => Kind::items(first_item()),
        "range" => Kind::items(Kind::INTEGER),
        "enumerate" => Kind::items(Kind::Tuple(vec![Kind::INTEGER, first_item()])),
        "zip" => {
            let items = arguments
                .iter()
                .map(|argument| argument.item().unwrap_or(Kind::Unknown));
            Kind::items(Kind::Tuple(items.collect()))
        }
        "max" | "min" if arguments.len() == 1 => first_item(),
        _ => Kind::Unknown,
    }
}

/// What a method of text, a list or an object gives.
pub(super) fn method_result(receiver: &Kind, method: &str) -> Kind {
    match receiver.to_type() {
        Type::Text | Type::Enum(_) => text_method(method),
        Type::List(_) => match method {
            "pop" => receiver.item().unwrap_or(Kind::Unknown),
            "copy" => receiver.clone(),
            "index" | "count" => Kind::INTEGER,
            _ => Kind::Unknown,
        },
        Type::Record { .. } | Type::Map(_) => match method {
            "keys" => Kind::items(Kind::TEXT),
            "items" => Kind::items(Kind::Tuple(vec![Kind::TEXT, Kind::Unknown])),
            "values" => Kind::items(Kind::Unknown),
            _ => Kind::Unknown,
        },
        _ => Kind::Unknown,
    }
}

fn text_method(method: &str) -> Kind {
    match method {
        "split" | "splitlines" | "rsplit" => Kind::list(Kind::TEXT),
        "startswith" | "endswith" | "isdigit" | "isalpha" | "isupper" | "islower" | "isnumeric" => {
            Kind::BOOLEAN
        }
        "find" | "count" | "index" => Kind::INTEGER,
        "lower" | "upper" | "strip" | "lstrip" | "rstrip" | "title" | "capitalize" | "replace"
        | "join" | "format" | "casefold" | "removeprefix" | "removesuffix" | "center" | "ljust"
        | "rjust" | "zfill" => Kind::TEXT,
        _ => Kind::Unknown,
    }
}

pub(super) fn is_text_method(method: &str) -> bool {
    text_method(method) != Kind::Unknown
        || [
            "encode",
            "expandtabs",
            "format_map",
            "isalnum",
            "isascii",
            "isdecimal",
            "isidentifier",
            "isprintable",
            "isspace",
            "istitle",
            "maketrans",
            "partition",
            "rfind",
            "rindex",
            "rpartition",
            "swapcase",
            "translate",
        ]
        .contains(&method)
}
