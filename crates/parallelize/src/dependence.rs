//! What depends on what: which names may share objects, which hold plain data, who reads what where.

mod heap;
mod kinds;
mod types;

pub(crate) use heap::{Heap, Node};
pub(crate) use kinds::{Bindings, is_plain};
pub(crate) use types::Types;
