//! The only reader of Python: parsing, ranged edits, finding calls, checking them against a catalog.
//!
//! Imperfect Python is data: everything here returns diagnostics, nothing panics, nothing runs.

pub mod ast;
mod calls;
mod check;
pub mod compact;
mod depth;
mod diagnostic;
mod edit;
mod files;
mod lines;
mod parse;

pub use calls::{CallSite, CallSites, find_calls};
pub use check::{CheckOptions, Input, check, check_parsed};
pub use diagnostic::{Diagnostic, Severity, has_errors};
pub use edit::{Edit, EditError, apply_edits};
pub use files::file_names;
pub use lines::{LineColumn, Lines};
pub use parse::{Parsed, parse};
