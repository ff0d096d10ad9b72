//! What a statement does: names, objects, calls, and whether others can see it happen.

mod arguments;
mod attempts;
mod binding;
mod branches;
mod builtins;
mod callees;
mod calls;
mod classes;
mod comprehension;
mod constants;
mod entries;
mod following;
mod freshness;
mod function;
mod generators;
mod handed;
mod imports;
pub(crate) mod known;
mod lambdas;
mod libraries;
mod loops;
mod methods;
mod module;
mod names;
mod scalars;
mod scopes;
mod spawning;
mod statements;
mod summaries;
mod summary;
mod walker;

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::TextRange;

use crate::dependence::Node;
use crate::functions::State;

pub(crate) use arguments::call_function;
pub(crate) use callees::{Receiver, first_parameter};
pub(crate) use classes::{MethodKind, last_name, method_kind};
pub(crate) use function::FunctionFacts;
pub(crate) use module::Module;
pub(crate) use names::{
    all_names, bound_names, names_in, parameter_names, pattern_names, target_names,
};
pub(crate) use scopes::{ClassId, Scope, Scopes};

/// All module variables that something changes: one object.
pub(crate) const GLOBALS: &str = "variables of the module";

/// Effects of a statement or expression, everything inside it included.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effects<'a> {
    pub(crate) reads: BTreeSet<&'a str>,
    /// Read before being bound here on every way: their values come from outside.
    pub(crate) exposed: BTreeSet<&'a str>,
    pub(crate) binds: BTreeSet<&'a str>,
    /// Bound on every way through.
    pub(crate) definite: BTreeSet<&'a str>,
    /// Unbound on some way through: by `del`, or at the end of a handler that names its exception.
    pub(crate) unbinds: BTreeSet<&'a str>,
    /// Variables of functions around that it binds anew.
    pub(crate) outer_binds: BTreeSet<&'a str>,
    /// Objects changed in place.
    pub(crate) mutates: Vec<Node>,
    /// Objects changed in place that so far only this variable has in hand.
    pub(crate) own: Vec<(Node, &'a str)>,
    /// Objects in which something is looked up: a `defaultdict` may grow by that.
    pub(crate) lookups: Vec<Node>,
    /// Objects that somebody unknown may change, with everything inside them.
    pub(crate) smashes: Vec<Node>,
    pub(crate) read_states: BTreeSet<State>,
    pub(crate) written_states: BTreeSet<State>,
    /// Waits for something.
    pub(crate) awaits: bool,
    /// Sleeps, or does what nothing is known of: reads and writes do not cross it (E2).
    pub(crate) opaque: bool,
    /// Why it must stay where it is, if it must (A3, A4).
    pub(crate) in_place: Option<Reason>,
    /// Leaves the function on a test of its own: return, raise, assert, exit (E3).
    pub(crate) exits: Option<TextRange>,
    /// Raises on a test of its own, or ends the program: callers feel it too.
    pub(crate) raises: bool,
    /// Of the classes of what it raises; `None`: any.
    pub(crate) raised: BTreeSet<Option<&'a str>>,
    /// Leaves the function by `return`.
    pub(crate) returns: Option<TextRange>,
    /// `break` out of the loop around it (E3).
    pub(crate) breaks: Option<TextRange>,
    /// `continue` of the loop around it.
    pub(crate) continues: Option<TextRange>,
    /// Hands on a value by `yield`.
    pub(crate) yields: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) range: TextRange,
    pub(crate) rule: &'static str,
    pub(crate) why: String,
}

impl<'a> Effects<'a> {
    pub(crate) fn stay(&mut self, range: TextRange, rule: &'static str, why: impl Into<String>) {
        let why = why.into();
        self.in_place.get_or_insert(Reason { range, rule, why });
    }

    /// Adds what happens after, or inside. Definite bindings are the caller's to judge.
    pub(crate) fn include(&mut self, other: &Self) {
        self.reads.extend(&other.reads);
        self.binds.extend(&other.binds);
        self.unbinds.extend(&other.unbinds);
        self.outer_binds.extend(&other.outer_binds);
        self.mutates.extend(&other.mutates);
        self.own.extend(&other.own);
        self.lookups.extend(&other.lookups);
        self.smashes.extend(&other.smashes);
        self.read_states.extend(other.read_states.iter().cloned());
        self.written_states
            .extend(other.written_states.iter().cloned());
        self.awaits |= other.awaits;
        self.opaque |= other.opaque;
        self.in_place = self.in_place.take().or_else(|| other.in_place.clone());
        self.exits = self.exits.or(other.exits);
        self.raises |= other.raises;
        self.raised.extend(&other.raised);
        self.returns = self.returns.or(other.returns);
        self.breaks = self.breaks.or(other.breaks);
        self.continues = self.continues.or(other.continues);
        self.yields |= other.yields;
    }

    /// It leaves by raising an object of the class.
    pub(crate) fn raise(&mut self, at: TextRange, class: Option<&'a str>) {
        self.exits.get_or_insert(at);
        self.raises = true;
        self.raised.insert(class);
    }

    /// What is certainly bound after this, of what was before it.
    pub(crate) fn settle(&self, definite: &mut HashSet<&'a str>) {
        for name in &self.unbinds {
            definite.remove(name);
        }
        definite.extend(&self.definite);
    }

    pub(crate) fn changes_nothing(&self) -> bool {
        self.mutates.is_empty() && self.own.is_empty() && self.smashes.is_empty()
    }

    /// Would `reads` of some state change if it moved across this?
    pub(crate) fn disturbs_states(&self, states: &BTreeSet<State>) -> bool {
        !states.is_empty()
            && (self.opaque
                || states
                    .iter()
                    .any(|state| self.written_states.contains(state)))
    }
}
