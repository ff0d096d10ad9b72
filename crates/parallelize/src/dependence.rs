//! What depends on what: which names may share objects, which hold plain data, who reads what where.

mod bindings;
mod heap;
mod plain;
mod receivers;
mod types;

pub(crate) use bindings::Bindings;
pub(crate) use heap::{Heap, Node};
pub(crate) use plain::is_plain;
pub(crate) use receivers::Receivers;
pub(crate) use types::Types;
