//! Coroutines of the program that a body awaits: its slice awaits slices of them, made the same way.

mod find;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use dice_program::ast::visitor::Visitor;
use dice_program::ast::{Expr, ExprCall, Ranged, StmtFunctionDef, TextRange, TextSize};

use super::node::{Kind, Names, Node};
use super::unknown::Parts;
use crate::effects::{Scope, names_in};
use crate::emit::{NewNames, Patches};
use crate::plan::FunctionPlan;
use find::{Awaited, Found, helper};

/// Slices of more functions than these are not worth reading.
const MOST_HELPERS: usize = 8;

/// What the slice of a helper is good for. It is taken for the best, until its slice shows otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trust<'a> {
    /// Does it issue any call?
    pub(super) calls: bool,
    /// Does it give what the helper gives?
    pub(super) gives: bool,
    /// Does it look at variables of the module?
    pub(super) looks: bool,
    /// What it looks at of what it is given.
    pub(super) sees: Parts<'a>,
    /// Has anything been left out of it that may fail?
    pub(super) fallible: bool,
}

impl Trust<'_> {
    pub(super) const BEST: Self = Self {
        calls: true,
        gives: true,
        looks: false,
        sees: Parts::new(),
        fallible: false,
    };
    pub(super) const WORST: Self = Self {
        calls: false,
        gives: false,
        looks: true,
        sees: Parts::new(),
        fallible: true,
    };

    fn lower(&self, other: &Self) -> Self {
        Self {
            calls: self.calls && other.calls,
            gives: self.gives && other.gives,
            looks: self.looks || other.looks,
            sees: &self.sees | &other.sees,
            fallible: self.fallible || other.fallible,
        }
    }
}

#[derive(Debug)]
pub(super) struct Helper<'a> {
    pub(super) function: &'a StmtFunctionDef,
    /// Of its slice.
    pub(super) name: String,
    pub(super) trust: Trust<'a>,
    /// May it raise on a test of its own?
    pub(super) exits: bool,
}

/// A call of a helper.
#[derive(Debug)]
struct HelperCall<'a> {
    scope: Scope,
    call: &'a ExprCall,
    /// The object whose method it is.
    owner: Option<&'a str>,
    /// In its arguments, and of that object.
    names: HashSet<&'a str>,
}

impl HelperCall<'_> {
    /// `owner.method(` as `name(owner, `.
    fn with_owner(&self, name: &str, owner: &str) -> (TextRange, String) {
        let arguments = &self.call.arguments;
        let opened = arguments.range().start() + TextSize::from(1);
        let comma = if arguments.is_empty() { "" } else { ", " };
        let range = TextRange::new(self.call.func.range().start(), opened);
        (range, format!("{name}({owner}{comma}"))
    }
}

/// What a helper is handed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Handed<'a> {
    /// The variable with the object whose method it is.
    Owner(&'a str),
    Value(&'a Expr),
}

/// The helpers of one function, and of its helpers.
#[derive(Debug, Default)]
pub(super) struct Helpers<'a> {
    found: BTreeMap<Scope, Helper<'a>>,
    /// Their calls, in whichever body.
    calls: HashMap<TextRange, HelperCall<'a>>,
    /// Who awaits whom.
    edges: BTreeSet<(Scope, Scope)>,
}

impl<'a> Helpers<'a> {
    /// Those that `function`, which `plan` plans, awaits directly or by others.
    pub(super) fn of(
        function: &'a StmtFunctionDef,
        plan: &FunctionPlan<'a, '_>,
        names: &mut NewNames,
        suffix: &str,
    ) -> Self {
        let mut helpers = Self::default();
        let mut bodies = vec![(function, plan.scope)];
        let mut read = vec![];
        while let Some((function, scope)) = bodies.pop() {
            if read.contains(&scope) {
                continue;
            }
            read.push(scope);
            let mut awaited = Awaited::default();
            awaited.visit_body(&function.body);
            for call in awaited.0 {
                let Some(Found {
                    scope: called,
                    function: helper,
                    owner,
                }) = helper(call, scope, plan)
                else {
                    continue;
                };
                let known = helpers.found.contains_key(&called);
                if !known && helpers.found.len() == MOST_HELPERS {
                    continue;
                }
                let arguments = call.arguments.args.iter();
                let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
                let known = HelperCall {
                    scope: called,
                    call,
                    owner,
                    names: arguments
                        .chain(keywords)
                        .flat_map(names_in)
                        .chain(owner)
                        .collect(),
                };
                helpers.calls.insert(call.range(), known);
                helpers.found.entry(called).or_insert_with(|| Helper {
                    function: helper,
                    name: names.claim(&format!("{}_{suffix}", helper.name)),
                    trust: Trust::BEST,
                    exits: plan.program.module.summary_of(called).exits,
                });
                helpers.edges.insert((scope, called));
                bodies.push((helper, called));
            }
        }
        helpers.expect_less_of_recursion();
        helpers
    }

    /// A slice may call a helper twice, to issue what it calls and for what it gives. Where that calls
    /// itself, calls would double with each level: there, one is for issuing only.
    fn expect_less_of_recursion(&mut self) {
        let recursive: Vec<Scope> = self.found.keys().copied().collect();
        let recursive = recursive
            .into_iter()
            .filter(|scope| self.is_recursive(*scope));
        for scope in recursive.collect::<Vec<_>>() {
            let trust = Trust {
                gives: false,
                ..Trust::BEST
            };
            self.learn(scope, &trust);
        }
    }

    fn is_recursive(&self, scope: Scope) -> bool {
        let mut reached = BTreeSet::new();
        let mut from = vec![scope];
        while let Some(at) = from.pop() {
            let next = self.edges.iter().filter(|(by, _)| *by == at);
            let new: Vec<Scope> = next
                .map(|(_, called)| *called)
                .filter(|called| reached.insert(*called))
                .collect();
            from.extend(new);
        }
        reached.contains(&scope)
    }

    /// Does a slice call the same recursive helper in two walks along one loop?
    pub(super) fn doubles(&self, nodes: &[Node<'_>]) -> bool {
        let mut calls = Vec::new();
        self.calls_in(nodes, &|_, _, _| true, &mut calls);
        let mut seen = BTreeSet::new();
        calls.into_iter().any(|(call, scope)| {
            self.is_recursive(scope) && !seen.insert((call.start(), call.end()))
        })
    }

    /// The source, in which helpers have the names of their slices.
    pub(super) fn renamed(&self, patches: &Patches<'a>) -> Patches<'a> {
        let mut renamed = patches.without_edits();
        for call in self.calls.values() {
            if let Some(helper) = self.found.get(&call.scope) {
                let name = &helper.name;
                let function = call.call.func.range();
                let (range, text) = match call.owner {
                    None => (function, name.clone()),
                    Some(owner) => call.with_owner(name, owner),
                };
                renamed.replace_range(range, text);
            }
        }
        renamed
    }

    pub(super) fn get(&self, scope: Scope) -> Option<&Helper<'a>> {
        self.found.get(&scope)
    }

    /// The helper called there.
    pub(super) fn called(&self, call: TextRange) -> Option<&Helper<'a>> {
        self.found.get(&self.calls.get(&call)?.scope)
    }

    /// What the call of a helper hands over: the helper's parameters, and their values.
    pub(super) fn handed(&self, call: TextRange) -> Option<Vec<(Option<&'a str>, Handed<'a>)>> {
        let call = self.calls.get(&call)?;
        let parameters = &self.found.get(&call.scope)?.function.parameters.args;
        let names = parameters.iter().map(|one| one.parameter.name.as_str());
        let mut names: Vec<&'a str> = names.collect();
        let mut handed = Vec::new();
        if let Some(owner) = call.owner {
            handed.push((names.first().copied(), Handed::Owner(owner)));
            names.drain(..1.min(names.len()));
        }
        let arguments = &call.call.arguments;
        if arguments.args.iter().any(Expr::is_starred_expr) {
            names.clear();
        }
        let values = arguments.args.iter().enumerate();
        handed.extend(values.map(|(at, value)| (names.get(at).copied(), Handed::Value(value))));
        let keywords = arguments.keywords.iter();
        handed.extend(keywords.map(|keyword| {
            let name = keyword.arg.as_ref().map(|name| name.as_str());
            (name, Handed::Value(&keyword.value))
        }));
        Some(handed)
    }

    /// What the slice of a helper showed; is that news?
    pub(super) fn learn(&mut self, scope: Scope, trust: &Trust<'a>) -> bool {
        let Some(helper) = self.found.get_mut(&scope) else {
            return false;
        };
        let lower = helper.trust.lower(trust);
        let before = std::mem::replace(&mut helper.trust, lower);
        helper.trust != before
    }

    /// The helpers that these nodes await or start.
    pub(super) fn used(&self, nodes: &[Node<'_>]) -> Vec<Scope> {
        self.used_with(nodes, &|_, _, _| true)
    }

    /// Helpers that are handed what the slice changes in place: they might look at it later.
    pub(super) fn misused(&self, nodes: &[Node<'_>], changed: &Names<'_>) -> Vec<Scope> {
        let changes = |name: &&str| changed.contains(name);
        self.used_with(nodes, &|node, range, call| {
            let times = node.waits.iter().filter(|wait| **wait == range).count();
            match times > 1 {
                true => node.reads.iter().any(changes), // of items of what it reads
                false => call.names.iter().any(changes),
            }
        })
    }

    /// Do these nodes, the slice of the helper `own`, issue anything but more of the same?
    pub(super) fn issues(&self, own: Scope, nodes: &[Node<'_>]) -> bool {
        nodes.iter().any(|node| {
            let mut calls = made_by(node);
            let other =
                |call: TextRange| self.calls.get(&call).is_none_or(|call| call.scope != own);
            calls.any(other)
                || node
                    .blocks()
                    .into_iter()
                    .any(|block| self.issues(own, block))
        })
    }

    fn used_with(&self, nodes: &[Node<'_>], counts: &Counts<'_, 'a>) -> Vec<Scope> {
        let mut calls = Vec::new();
        self.calls_in(nodes, counts, &mut calls);
        calls.into_iter().map(|(_, scope)| scope).collect()
    }

    /// Calls of helpers in these nodes, and whom they call.
    fn calls_in(
        &self,
        nodes: &[Node<'_>],
        counts: &Counts<'_, 'a>,
        found: &mut Vec<(TextRange, Scope)>,
    ) {
        for node in nodes {
            found.extend(made_by(node).filter_map(|range| {
                let call = self.calls.get(&range)?;
                counts(node, range, call).then_some((range, call.scope))
            }));
            for block in node.blocks() {
                self.calls_in(block, counts, found);
            }
        }
    }
}

/// Of the calls of helpers that nodes make, which count?
type Counts<'f, 'a> = dyn Fn(&Node<'_>, TextRange, &HelperCall<'a>) -> bool + 'f;

/// The calls that the node makes itself.
fn made_by<'n>(node: &'n Node<'_>) -> impl Iterator<Item = TextRange> + 'n {
    let call = match &node.kind {
        Kind::Call(call) => Some(call.range),
        _ => None,
    };
    node.waits.iter().copied().chain(call)
}
