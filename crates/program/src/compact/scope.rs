//! The names of a compact program and what they hold, followed in the order of its statements.

use std::collections::HashMap;

use super::shape::{Origin, Shape};

#[derive(Debug, Clone, PartialEq)]
struct Binding {
    shape: Shape,
    /// Another one each time the name is bound.
    version: u32,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    names: HashMap<String, Binding>,
    versions: u32,
}

impl Scope {
    pub(super) fn bind(&mut self, name: &str, shape: Shape) {
        self.versions += 1;
        let version = self.versions;
        self.names
            .insert(name.to_owned(), Binding { shape, version });
    }

    /// The same value, of which more is known: a list that something was put in.
    pub(super) fn widen(&mut self, name: &str, more: Shape) {
        if let Some(binding) = self.names.get_mut(name) {
            let known = std::mem::replace(&mut binding.shape, Shape::Nothing);
            binding.shape = known.join(more);
        }
    }

    pub(super) fn shape(&self, name: &str) -> Shape {
        let binding = self.names.get(name);
        binding.map_or(Shape::Unknown, |binding| binding.shape.clone())
    }

    /// Boxes of what is called by this name now lie in it.
    pub(super) fn version(&self, name: &str) -> Option<u32> {
        self.names.get(name).map(|binding| binding.version)
    }

    /// Does this image still have its name?
    pub(super) fn is_at_hand(&self, origin: &Origin) -> bool {
        match origin {
            Origin::In { names, .. } => names
                .iter()
                .all(|(name, version)| self.version(name) == Some(*version)),
            Origin::None | Origin::Unclear => false,
        }
    }

    /// One of two ways was taken.
    pub(super) fn join(self, other: Self) -> Self {
        let mut versions = self.versions.max(other.versions);
        let mut names = self.names;
        for (name, right) in other.names {
            let Some(left) = names.remove(&name) else {
                names.insert(name, right);
                continue;
            };
            let version = if left.version == right.version {
                left.version
            } else {
                versions += 1;
                versions
            };
            let shape = left.shape.join(right.shape);
            names.insert(name, Binding { shape, version });
        }
        Self { names, versions }
    }

    /// Is the same known of every name?
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.names.len() == other.names.len()
            && self.names.iter().all(|(name, left)| {
                other
                    .names
                    .get(name)
                    .is_some_and(|right| left.shape == right.shape)
            })
    }
}
