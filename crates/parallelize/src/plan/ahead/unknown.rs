//! What a slice does not have the values of: variables, or single attributes of what they hold.

use std::collections::BTreeSet;

/// A variable with all that it holds, or one attribute of its object, or of the objects in its container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) attribute: Option<&'a str>,
    pub(super) of_items: bool,
}

pub(super) type Parts<'a> = BTreeSet<Part<'a>>;

impl<'a> From<&'a str> for Part<'a> {
    fn from(name: &'a str) -> Self {
        Self {
            name,
            attribute: None,
            of_items: false,
        }
    }
}

impl<'a> From<&&'a str> for Part<'a> {
    fn from(name: &&'a str) -> Self {
        (*name).into()
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unknown<'a>(Parts<'a>);

impl<'a> Unknown<'a> {
    /// Is anything of the variable unknown?
    pub(super) fn touches(&self, name: &str) -> bool {
        self.0.iter().any(|part| part.name == name)
    }

    /// Is the variable itself unknown, or that attribute of its object?
    pub(super) fn holds(&self, part: Part<'a>) -> bool {
        let mut of_items = self.0.iter().filter(|known| known.of_items);
        self.0.contains(&part.name.into())
            || self.0.contains(&part)
            || of_items.any(|known| known.name == part.name)
    }

    /// The attributes of its items that are unknown, if nothing else of the container is.
    pub(super) fn of_items(&self, name: &str) -> Option<Vec<&'a str>> {
        let parts = self.0.iter().filter(|part| part.name == name);
        parts
            .map(|part| part.attribute.filter(|_| part.of_items))
            .collect()
    }

    pub(super) fn extend<P: Into<Part<'a>>>(&mut self, parts: impl IntoIterator<Item = P>) {
        self.0.extend(parts.into_iter().map(Into::into));
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    /// The variable has got another value.
    pub(super) fn forget(&mut self, name: &str) {
        self.0.retain(|part| part.name != name);
    }
}
