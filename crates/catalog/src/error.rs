//! Why a catalog could not be read.

/// Each names the function, or the document by its place, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("not YAML or JSON: {0}")]
    NotYaml(#[from] serde_yaml_ng::Error),
    #[error("document {place}: {problem}")]
    NotAFunction { place: usize, problem: String },
    #[error("{function}: {field}: {problem}")]
    BadField {
        function: String,
        field: &'static str,
        problem: String,
    },
    #[error("{function}: {which} is not a JSON Schema: {problem}")]
    BadSchema {
        function: String,
        which: &'static str,
        problem: String,
    },
    #[error("function {0} is there twice")]
    Duplicate(String),
}
