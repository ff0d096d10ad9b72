//! What may share objects when a function begins: what its callers pass it, if all of them are known.

use std::collections::{HashMap, HashSet};

use dice_program::ast::{Expr, Ranged, TextRange};

use super::function::FunctionFacts;
use super::module::Module;
use super::scopes::Scope;
use super::{GLOBALS, parameter_names};
use crate::dependence::{Bindings, Heap, Node};

/// What is passed may be as large as this; then anything may share anything.
const LARGEST: usize = 256;

/// A call of a function of the program: by which text, and with what for each parameter.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) function: Scope,
    pub(super) call: TextRange,
    pub(super) given: Vec<Option<Node>>,
}

impl<'a> Module<'a> {
    /// Callers first, so that what they were passed themselves is known.
    pub(super) fn settle_entries(&mut self, circles: &[Vec<Scope>], bindings: &Bindings<'a>) {
        let mut entries: HashMap<Scope, Vec<(Scope, usize)>> = HashMap::new();
        let mut followed: HashSet<TextRange> = HashSet::new();
        for (caller, facts) in &self.facts {
            for (at, entry) in facts.entries.iter().enumerate() {
                followed.insert(entry.call);
                let known = entries.entry(entry.function).or_default();
                known.push((*caller, at));
            }
        }
        for circle in circles.iter().rev() {
            for scope in circle {
                let Some(mut facts) = self.facts.remove(scope) else {
                    continue;
                };
                let callers = entries.get(scope).map_or(&[][..], Vec::as_slice);
                let alone = circle.len() == 1 && self.all_known(*scope, &followed, bindings);
                let entered = alone
                    && facts.outer.is_empty()
                    && callers
                        .iter()
                        .all(|(caller, at)| self.enter(*scope, &mut facts, *caller, *at));
                if !entered {
                    facts.share_everything(self);
                }
                self.facts.insert(*scope, facts);
            }
        }
    }

    /// Is every call of the function one that was followed?
    fn all_known(
        &self,
        scope: Scope,
        followed: &HashSet<TextRange>,
        bindings: &Bindings<'a>,
    ) -> bool {
        let Some(node) = self.scopes.info(scope).node else {
            return false;
        };
        let name = node.name.as_str();
        let mut calls = bindings.calls_of(name).iter();
        !name.starts_with("__")
            && !bindings.is_exposed(name)
            && self.callable(scope).is_some()
            && calls.all(|(_, call)| {
                followed.contains(&call.range()) || self.is_of_an_import(&call.func, bindings)
            })
    }

    /// `asyncio.run`: no method of the program's.
    fn is_of_an_import(&self, function: &Expr, bindings: &Bindings<'a>) -> bool {
        let Expr::Attribute(attribute) = function else {
            return false;
        };
        let Expr::Name(owner) = &*attribute.value else {
            return false;
        };
        let owner = owner.id.as_str();
        self.imports(owner) && bindings.is_bound_once(owner)
    }

    /// `false`: too much to look at, or it calls itself.
    fn enter(
        &self,
        scope: Scope,
        facts: &mut FunctionFacts<'a>,
        caller: Scope,
        entry: usize,
    ) -> bool {
        let (Some(node), Some(caller)) = (self.scopes.info(scope).node, self.facts.get(&caller))
        else {
            return false;
        };
        let entry = &caller.entries[entry];
        let names = parameter_names(&node.parameters);
        let given = names.into_iter().zip(&entry.given);
        let mut pairs: Vec<(Node, Node)> = given
            .filter_map(|(name, given)| Some((facts.heap.name(name), (*given)?)))
            .collect();
        if let Some(shared) = caller.heap.known_name(GLOBALS)
            && self.shares_variables()
        {
            pairs.push((facts.heap.name(GLOBALS), shared));
        }
        mirror(&mut facts.heap, &caller.heap, pairs)
    }
}

/// Makes `heap` share what `other` shares, from pairs of nodes that stand for the same.
fn mirror<'a>(heap: &mut Heap<'a>, other: &Heap<'a>, mut pairs: Vec<(Node, Node)>) -> bool {
    let mut met: HashMap<usize, Node> = HashMap::new();
    while let Some((own, its)) = pairs.pop() {
        if let Some(before) = met.insert(other.same(its), own) {
            heap.unify(before, own);
            continue;
        }
        if met.len() > LARGEST {
            return false;
        }
        for (field, place) in other.places(its) {
            if heap.is_one(own) {
                let inside = heap.inside(own);
                pairs.push((inside, place));
                pairs.extend(other.known_inside(place).map(|held| (inside, held)));
            } else {
                pairs.push((heap.place(own, field), place));
            }
        }
        if let Some(inside) = other.known_inside(its) {
            pairs.push((heap.inside(own), inside));
        }
    }
    true
}
