//! Calls that are followed: the effects of functions and classes of the program on what they are given.

use dice_program::ast::{Expr, ExprCall, Ranged, TextRange};

use super::arguments::Given;
use super::callees::{Callee, Receiver};
use super::entries::Entry;
use super::scopes::{ClassId, Scope};
use super::summary::{Place, Sharing, Summary};
use super::walker::Walker;
use super::{Effects, GLOBALS};
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
    /// Making an object of a class of the program.
    pub(super) fn construct(
        &mut self,
        call: &'a ExprCall,
        class: ClassId,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let classes = &self.module.classes;
        let known = classes.get(class);
        if !known.known {
            return self.unknown_call(call, effects);
        }
        if known.is_enum() {
            self.arguments(&call.arguments, effects);
            return None;
        }
        let scopes = &self.module.scopes;
        let object = self.heap.fresh();
        if let Some(init) = classes.method(class, "__init__", scopes) {
            let mut given = self.given(&call.arguments, effects);
            given.put_first(Some(object));
            self.apply(init, &given, call.range(), "__init__", effects);
            return Some(object);
        }
        let makes_more = !scopes.all_methods("__init__").is_empty()
            && classes
                .line(class)
                .iter()
                .any(|above| !scopes.methods_named(*above, "__init__").is_empty());
        if makes_more
            || classes
                .line(class)
                .iter()
                .any(|above| !classes.get(*above).has_plain_defaults())
        {
            return self.unknown_call(call, effects);
        }
        for value in self.arguments(&call.arguments, effects) {
            self.put_inside(object, Some(value), false);
        }
        if let Some(finish) = classes.method(class, "__post_init__", scopes) {
            let mut given = Given::default();
            given.put_first(Some(object));
            self.apply(finish, &given, call.range(), "__post_init__", effects);
        }
        Some(object)
    }

    pub(super) fn user_call(
        &mut self,
        call: &'a ExprCall,
        callee: &Callee<'a>,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if let Expr::Name(name) = &*call.func
            && self.locals.contains(name.id.as_str())
        {
            effects.reads.insert(name.id.as_str());
        }
        let receiver = match callee.receiver {
            Receiver::None => None,
            Receiver::Class => Some(None),
            Receiver::Object(owner) => Some(self.value(owner, effects)),
            Receiver::Own(name) => Some(self.name(name, effects)),
        };
        let mut given = self.given(&call.arguments, effects);
        if let Some(receiver) = receiver {
            given.put_first(receiver);
        }
        let mut result = None;
        for target in &callee.targets {
            let one = self.apply(*target, &given, call.range(), callee.name, effects);
            result = self.either(result, one);
        }
        result
    }

    /// A method that Python calls by itself, with the object alone to change.
    pub(super) fn run(
        &mut self,
        method: Scope,
        object: Option<Node>,
        range: TextRange,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let mut given = Given::default();
        given.put_first(object);
        let node = self.module.scopes.info(method).node?;
        effects.awaits |= self.module.summary_of(method).awaits;
        self.apply(method, &given, range, node.name.as_str(), effects)
    }

    /// The effects of a function of the program on what it is given.
    fn apply(
        &mut self,
        target: Scope,
        given: &Given<'a>,
        range: TextRange,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let module = self.module;
        let node = module.scopes.info(target).node?;
        let summary = module.summary_of(target);
        effects
            .read_states
            .extend(summary.read_states.iter().cloned());
        effects
            .written_states
            .extend(summary.written_states.iter().cloned());
        effects.opaque |= summary.opaque;
        if summary.exits {
            effects.exits.get_or_insert(range);
            effects.raises = true;
            effects.raised.extend(&summary.raised);
        }
        if let Some(why) = &summary.in_place {
            effects.stay(range, summary.rule, format!("`{name}` {why}"));
        }
        if summary.touches_globals {
            effects.reads.insert(GLOBALS);
        }
        let held = self.by_parameter(&node.parameters, given);
        self.entries.push(Entry {
            function: target,
            call: range,
            given: held.clone(),
        });
        self.apply_outer(target, summary, range, effects);
        let result = self.heap.fresh();
        for group in &summary.same {
            let mut one = None;
            for place in group {
                let node = self.place(*place, &held, result);
                one = self.either(one, node);
            }
        }
        for group in &summary.shares {
            let shared = self.heap.fresh();
            for Sharing { place, itself } in group {
                let Some(node) = self.place(*place, &held, result) else {
                    continue;
                };
                let node = match itself {
                    true => node,
                    false => self.heap.inside(node),
                };
                self.heap.unify(shared, node);
            }
            self.heap.collapse(shared);
        }
        for place in &summary.changes {
            let changed = self.place(*place, &held, result);
            effects.smashes.extend(changed);
        }
        Some(result)
    }

    /// Variables of functions around that the function called uses.
    fn apply_outer(
        &mut self,
        target: Scope,
        summary: &Summary<'a>,
        range: TextRange,
        effects: &mut Effects<'a>,
    ) {
        let scopes = &self.module.scopes;
        let around = scopes.parent(target);
        let names = summary.outer_reads.iter().chain(&summary.outer_binds);
        for name in names {
            let hidden = self.inner_node(name).is_some()
                || scopes.owner(self.scope, name) != scopes.owner(around, name);
            if hidden {
                effects.opaque = true;
                let why = format!("it uses another `{name}` than the code here");
                effects.stay(range, "A3", why);
            } else if summary.outer_reads.contains(name) {
                self.name(name, effects);
            }
            if summary.outer_binds.contains(name) && !hidden {
                let node = self.heap.name(name);
                effects.mutates.push(node);
                match self.locals.contains(name) {
                    true => effects.binds.insert(name),
                    false => effects.outer_binds.insert(name),
                };
            }
        }
    }

    fn place(&mut self, place: Place<'a>, held: &[Option<Node>], result: Node) -> Option<Node> {
        match place {
            Place::Parameter(at) => held.get(at).copied().flatten(),
            Place::Attribute(at, field) => {
                let object = held.get(at).copied().flatten()?;
                Some(self.heap.place(object, field))
            }
            Place::Held(at, field) => {
                let object = held.get(at).copied().flatten()?;
                Some(self.heap.field(object, field))
            }
            Place::Outer(name) => Some(self.heap.name(name)),
            Place::Globals => Some(self.globals()),
            Place::Result => Some(result),
        }
    }
}
