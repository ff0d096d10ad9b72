//! Builtins, methods of plain data and functions of modules whose effects are known. What is not here is
//! unknown, and stays.

mod builtins;
mod libraries;
mod methods;

pub(crate) use builtins::{
    is_builtin, is_builtin_exception, is_choosing_builtin, is_container_builtin,
    is_iterator_builtin, is_scalar_builtin, takes_first_item, walks_its_argument,
};
pub(crate) use libraries::{Library, is_logging_method, library};
pub(crate) use methods::{
    is_drawing_method, is_fresh_method, is_looking_method, is_mutating_method, is_painting_method,
    is_plain_attribute, walks_its_arguments,
};

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

/// `operator.itemgetter("price")` and its like as a key.
pub(crate) fn is_getter(callee: &dice_program::ast::Expr) -> bool {
    matches!(super::last_name(callee), Some("itemgetter" | "attrgetter"))
}

pub(crate) fn looks_at_itself(name: &str) -> bool {
    SELF_LOOKING.contains(&name)
}
