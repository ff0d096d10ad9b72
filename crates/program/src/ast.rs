//! The parser's nodes, tokens and visitors, so that no other crate names the parser's.

pub use ruff_python_ast::visitor;
pub use ruff_python_ast::*;
pub use ruff_text_size::{Ranged, TextRange, TextSize};
