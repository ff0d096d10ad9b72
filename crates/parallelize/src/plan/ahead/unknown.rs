//! What a slice does not have the values of: variables, or single attributes of what they hold.

use std::collections::BTreeSet;

/// A variable with all that it holds, or one attribute of its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) attribute: Option<&'a str>,
}

pub(super) type Parts<'a> = BTreeSet<Part<'a>>;

impl<'a> From<&'a str> for Part<'a> {
    fn from(name: &'a str) -> Self {
        Self {
            name,
            attribute: None,
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
        self.0.contains(&part.name.into()) || self.0.contains(&part)
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
