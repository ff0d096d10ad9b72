//! Builtins whose effects are known.

use dice_program::ast::{Expr, ExprCall};

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
    "hash",
    "oct",
    "ascii",
    "complex",
    "hasattr",
    "issubclass",
    "slice",
];

/// Builtins that make a new container of their arguments' items.
const CONTAINER_BUILTINS: &[&str] = &["list", "tuple", "set", "frozenset", "dict", "sorted"];

/// Builtins whose result walks along their arguments; fixed when the arguments are (A6).
const ITERATOR_BUILTINS: &[&str] = &["enumerate", "zip", "reversed"];

/// Builtins that give one of their arguments, or of its items.
const CHOOSING_BUILTINS: &[&str] = &["min", "max"];

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
        || is_builtin_exception(name)
}

/// `next((… for …), default)`: the first item of what nobody else walks along, and no failure if there is none.
pub(crate) fn takes_first_item(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Name(name) if name.id == "next")
        && call.arguments.keywords.is_empty()
        && matches!(&*call.arguments.args, [Expr::Generator(_), default] if !default.is_starred_expr())
}

/// `ValueError` and its like: to make one does nothing else.
pub(crate) fn is_builtin_exception(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
        && (name.ends_with("Error") || matches!(name, "Exception" | "StopIteration"))
}
