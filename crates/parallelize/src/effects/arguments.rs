//! Arguments of calls: what is passed for which parameter; calls of the catalog's functions.

use dice_program::ast::{Arguments, Expr, ExprCall, Parameters, Ranged};

use super::Effects;
use super::constants::is_literal;
use super::walker::Walker;
use crate::dependence::Node;
use crate::functions::CallEffect;

/// The values of a call's arguments.
#[derive(Debug, Default)]
pub(super) struct Given<'a> {
    /// With `true`: `*value`.
    positional: Vec<(Option<Node>, bool)>,
    /// Without a name: `**value`.
    named: Vec<(Option<&'a str>, Option<Node>)>,
}

impl<'a> Given<'a> {
    pub(super) fn values(&self) -> impl Iterator<Item = Node> {
        let positional = self.positional.iter().filter_map(|(node, _)| *node);
        positional.chain(self.named.iter().filter_map(|(_, node)| *node))
    }

    pub(super) fn put_first(&mut self, receiver: Option<Node>) {
        self.positional.insert(0, (receiver, false));
    }
}

impl<'a> Walker<'a, '_> {
    pub(super) fn given(
        &mut self,
        arguments: &'a Arguments,
        effects: &mut Effects<'a>,
    ) -> Given<'a> {
        let mut given = Given::default();
        for value in &arguments.args {
            let node = self.value(value, effects);
            given.positional.push((node, value.is_starred_expr()));
        }
        for keyword in &arguments.keywords {
            let node = self.value(&keyword.value, effects);
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            given.named.push((name, node));
        }
        given
    }

    /// For each parameter, in their order, what it may hold.
    pub(super) fn by_parameter(
        &mut self,
        parameters: &'a Parameters,
        given: &Given<'a>,
    ) -> Vec<Option<Node>> {
        let names = super::parameter_names(parameters);
        let mut held: Vec<Option<Node>> = vec![None; names.len()];
        let mut passed = vec![false; names.len()];
        let places = parameters.posonlyargs.len() + parameters.args.len();
        let rest = parameters.vararg.is_some().then_some(places);
        let rest_named = parameters.kwarg.is_some().then(|| names.len() - 1);
        let mut position = 0;
        for (node, starred) in &given.positional {
            if *starred {
                self.spread(*node, &mut held);
                passed.iter_mut().for_each(|one| *one = true);
            } else if position < places {
                held[position] = self.either(held[position], *node);
                passed[position] = true;
                position += 1;
            } else if let Some(rest) = rest {
                held[rest] = self.holder(held[rest], *node);
            }
        }
        for (name, node) in &given.named {
            let at = name.and_then(|name| names.iter().position(|known| *known == name));
            match (name, at) {
                (None, _) => self.spread(*node, &mut held),
                (Some(_), Some(at)) => {
                    held[at] = self.either(held[at], *node);
                    passed[at] = true;
                }
                (Some(_), None) => {
                    if let Some(rest) = rest_named {
                        held[rest] = self.holder(held[rest], *node);
                    }
                }
            }
        }
        self.defaults(parameters, &passed, &mut held);
        held
    }

    /// A default that is an object belongs to everybody who calls.
    fn defaults(&mut self, parameters: &'a Parameters, passed: &[bool], held: &mut [Option<Node>]) {
        for (at, parameter) in parameters.iter().enumerate() {
            let shared = parameter.default().is_some_and(|value| !is_literal(value));
            if shared && !passed[at] {
                let globals = self.globals();
                held[at] = self.either(held[at], Some(globals));
            }
        }
    }

    /// Any parameter may hold what is in `node`.
    fn spread(&mut self, node: Option<Node>, held: &mut [Option<Node>]) {
        let Some(node) = node else { return };
        let inside = self.heap.inside(node);
        self.heap.unify(node, inside);
        for one in held {
            *one = self.either(*one, Some(node));
        }
    }

    fn holder(&mut self, holder: Option<Node>, value: Option<Node>) -> Option<Node> {
        let holder = holder.unwrap_or_else(|| self.heap.fresh());
        self.put_inside(holder, value, false);
        Some(holder)
    }

    pub(super) fn either(&mut self, one: Option<Node>, other: Option<Node>) -> Option<Node> {
        if let (Some(one), Some(other)) = (one, other) {
            self.heap.unify(one, other);
        }
        one.or(other)
    }

    pub(super) fn arguments(
        &mut self,
        arguments: &'a Arguments,
        effects: &mut Effects<'a>,
    ) -> Vec<Node> {
        self.given(arguments, effects).values().collect()
    }

    /// What methods of plain data walk along: all of their arguments.
    pub(super) fn consumed_arguments(
        &mut self,
        arguments: &'a Arguments,
        effects: &mut Effects<'a>,
    ) -> Vec<Node> {
        let values = arguments
            .args
            .iter()
            .chain(arguments.keywords.iter().map(|keyword| &keyword.value));
        let mut nodes = Vec::new();
        for value in values {
            let node = self.value(value, effects);
            self.consume(value, node, effects);
            nodes.extend(node);
        }
        nodes
    }

    /// Arguments are copied and results are fresh trees: nothing is shared (H1, E6).
    pub(super) fn hermod_call(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) -> Node {
        self.arguments(&call.arguments, effects);
        let function = call_function(call);
        let named = function.unwrap_or("?");
        match self.functions.effect(function) {
            CallEffect::Pure => {}
            CallEffect::Read(state) => {
                effects.read_states.insert(state);
            }
            CallEffect::Write(state) => {
                effects.written_states.insert(state);
                effects.stay(call.range(), "E2", format!("`{named}` writes"));
            }
            CallEffect::Unknown => {
                effects.opaque = true;
                effects.stay(
                    call.range(),
                    "E1",
                    format!("the catalog does not say what `{named}` does"),
                );
            }
        }
        self.heap.fresh()
    }
}

/// The literal function name of a `hermod.call`, if it has one.
pub(crate) fn call_function(call: &ExprCall) -> Option<&str> {
    match call.arguments.args.first() {
        Some(Expr::StringLiteral(name)) => Some(name.value.to_str()),
        _ => None,
    }
}
