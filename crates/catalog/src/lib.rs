//! Functions on offer: their schemas as types, checks of arguments and results, and the
//! `kind: Function` resource. A [`Catalog`] is an immutable snapshot with a digest.

mod arguments;
mod assumption;
mod catalog;
mod description;
mod entry;
mod error;
mod fit;
mod json;
mod quantity;
mod resource;
mod schema;
mod shape;
mod suggest;
mod types;

pub use arguments::{ArgumentError, ArgumentProblem, ResultError};
pub use assumption::Assumption;
pub use catalog::Catalog;
pub use description::entries_from_description;
pub use entry::{Entry, Parameter};
pub use error::CatalogError;
pub use resource::read as read_resources;
pub use suggest::closest;
pub use types::{Field, Type};
