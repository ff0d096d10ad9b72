//! Effects of the functions a program may call, as the catalog declares them (SEMANTICS E1).

use std::collections::{HashMap, HashSet};

use dice_catalog::{Catalog, Type};
use dice_model::Effect;

use crate::decision::Options;

/// What is read or written; `None` is the one state that all others share.
pub(crate) type State = Option<String>;

/// What a call does to the world, as far as order goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallEffect {
    Pure,
    Read(State),
    Write(State),
    /// Not in the catalog, or named by a variable: everything may depend on it.
    Unknown,
}

#[derive(Debug, Default)]
pub(crate) struct Functions {
    effects: HashMap<String, CallEffect>,
    assumed: HashSet<String>,
    results: HashMap<String, Type>,
}

impl Functions {
    pub(crate) fn new(catalog: &Catalog, options: &Options) -> Self {
        let mut functions = Self::default();
        for entry in catalog.iter() {
            let name = entry.spec.id.as_str().to_owned();
            let state = entry.spec.state.clone();
            let effect = match entry.spec.effect {
                Effect::AssumedPure if options.strict_effects => CallEffect::Write(state),
                Effect::Pure | Effect::AssumedPure => CallEffect::Pure,
                Effect::Read => CallEffect::Read(state),
                Effect::Write => CallEffect::Write(state),
            };
            if entry.spec.effect == Effect::AssumedPure && !options.strict_effects {
                functions.assumed.insert(name.clone());
            }
            functions.results.insert(name.clone(), entry.result.clone());
            functions.effects.insert(name, effect);
        }
        functions
    }

    pub(crate) fn effect(&self, name: Option<&str>) -> CallEffect {
        let known = name.and_then(|name| self.effects.get(name));
        known.cloned().unwrap_or(CallEffect::Unknown)
    }

    /// The type of a result, which is checked before a program sees it.
    pub(crate) fn result(&self, name: &str) -> Option<&Type> {
        self.results.get(name)
    }

    pub(crate) fn is_assumed(&self, name: &str) -> bool {
        self.assumed.contains(name)
    }
}
