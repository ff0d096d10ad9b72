//! Text: slices of the source with edits in them, moved without touching what is inside strings; names.

mod names;
mod scopes;
mod spacing;
mod text;

pub(crate) use names::{NewNames, singular};
pub(crate) use scopes::{ScopeId, ScopeNames};
pub(crate) use spacing::spaced;
pub(crate) use text::{Layout, Patches, call_of, reindent, whole};
