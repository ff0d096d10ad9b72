//! The functions on offer at one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use dice_model::{Digest, FunctionId};

use crate::entry::Entry;
use crate::error::CatalogError;
use crate::resource;
use crate::suggest::closest;

/// An immutable snapshot, sorted by name; cloning it is cheap.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    entries: Arc<BTreeMap<FunctionId, Arc<Entry>>>,
}

impl Catalog {
    pub fn new(entries: impl IntoIterator<Item = Arc<Entry>>) -> Result<Self, CatalogError> {
        let mut sorted = BTreeMap::new();
        for entry in entries {
            if let Some(first) = sorted.insert(entry.spec.id.clone(), entry) {
                return Err(CatalogError::Duplicate(first.name().to_owned()));
            }
        }
        Ok(Self {
            entries: Arc::new(sorted),
        })
    }

    /// From YAML or JSON text: one `kind: Function` (Figure 4), a `List` of them, or several
    /// documents of either.
    pub fn from_resources(text: &str) -> Result<Self, CatalogError> {
        Self::new(resource::read(text)?.into_iter().map(Arc::new))
    }

    /// All entries as one YAML text, a document each.
    pub fn to_resources(&self) -> String {
        let documents: Vec<String> = self.iter().map(Entry::to_yaml).collect();
        documents.join("---\n")
    }

    /// Undeclared effects treated as `write` (E1, `--strict-effects`).
    pub fn with_strict_effects(&self) -> Result<Self, CatalogError> {
        let entries = self.iter().map(|entry| entry.strict().map(Arc::new));
        Self::new(entries.collect::<Result<Vec<_>, _>>()?)
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Entry>> {
        self.entries.get(&FunctionId::new(name))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().map(Arc::as_ref)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(FunctionId::as_str)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The function that was probably meant by an unknown name.
    pub fn closest(&self, name: &str) -> Option<&str> {
        closest(name, self.names())
    }

    /// Of names, versions and descriptions: what a task pins (RUNTIME J4).
    pub fn digest(&self) -> Digest {
        let lines = self.iter().map(|entry| {
            format!(
                "{} {} {}\n",
                entry.name(),
                entry.spec.version,
                entry.description_digest
            )
        });
        Digest::of(lines.collect::<String>().as_bytes())
    }
}
