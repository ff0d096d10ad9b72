//! Form 5, turns that start ahead: where each turn of a loop hangs on what an earlier one read, the loop is
//! written once more without what others can see. This generator makes the calls, hands each over to the
//! loop in place by `yield`, and begins the next turn as soon as its tests are decided (E3). The loop in
//! place takes the calls in serial order and makes none of them itself (ADR 0018).

mod attempts;
mod awaited;
mod sites;
mod split;
mod text;

use std::collections::HashSet;

use dice_program::ast::{ExprAwait, Ranged, Stmt, TextRange};

use super::gain::Gain;
use super::node::{Kind, Leave, Node};
use super::speculate::only;
use super::threads::carried_by;
use super::{Sliced, Subject, calls_of, size};
use crate::effects::Effects;
use crate::emit::Patches;
use crate::plan::FunctionPlan;
use crate::plan::candidates::is_quiet;
use attempts::Attempts;
use awaited::awaited;
use sites::Sites;
use split::split;
use text::Before;

/// A loop whose turns start ahead.
struct Turns<'a> {
    /// From where on it does, to the loop.
    stretch: &'a [Stmt],
    sites: Sites<'a>,
    /// The generator, and variables that it is given.
    nodes: Vec<Node<'a>>,
    parameters: Vec<&'a str>,
    /// Calls that are handed over, in the order of the text, and what they are called.
    handed: Vec<(TextRange, String)>,
    /// The variable that holds what is still to come.
    calls: String,
    gains: Vec<Gain<'a>>,
}

impl<'a> FunctionPlan<'a, '_> {
    /// Plans the body of the function, where one of its loops may start its turns ahead.
    pub(in crate::plan) fn plan_turns(&mut self, body: &'a [Stmt], floor: usize) {
        let written = self.layout.is_plain(body) && size::is_small(body);
        let turns = written.then(|| self.turns(body)).flatten();
        let Some(turns) = turns else {
            return self.plan_body(body, floor);
        };
        let before = Before::of(self);
        self.enter_turns(&turns);
        self.plan_body(body, floor);
        if !self.write_turns(&turns) {
            before.restore(self);
            self.plan_body(body, floor);
        }
    }

    /// The first loop of the body that can be read ahead, from as far up as that is possible.
    fn turns(&mut self, body: &'a [Stmt]) -> Option<Turns<'a>> {
        let first = body
            .iter()
            .position(|statement| self.facts.of(statement).awaits)?;
        (first..body.len()).find_map(|at| {
            let each = &body[at];
            if !matches!(each, Stmt::For(_) | Stmt::While(_)) || !self.facts.of(each).awaits {
                return None;
            }
            let sites = Sites::of(each, self.program.sites, self.program.functions)?;
            let from_first = self.turns_from(first, at, body, &sites);
            from_first.or_else(|| self.turns_from(at, at, body, &sites))
        })
    }

    fn turns_from(
        &mut self,
        from: usize,
        at: usize,
        body: &'a [Stmt],
        sites: &Sites<'a>,
    ) -> Option<Turns<'a>> {
        let (before, stretch) = (&body[..from], &body[from..=at]);
        let mut all = Effects::default();
        stretch
            .iter()
            .for_each(|statement| all.include(self.facts.of(statement)));
        // Reads do not cross writes of their state, nor time that passes (E2).
        if all.opaque || !all.written_states.is_disjoint(&all.read_states) {
            return None;
        }
        let mut handed: HashSet<TextRange> = sites.apart.clone();
        let patches = self.planner.patches.without_edits();
        let (nodes, parameters) = loop {
            let Sliced {
                nodes,
                parameters,
                trust,
                ..
            } = self.slice_turns(before, stretch, &handed, &patches);
            if !trust.gives {
                return None; // it would end before the loop does
            }
            let wanted = calls_in(&nodes, &body[at]);
            let nodes = only(nodes, &wanted);
            let mut news = awaited(&split(nodes.clone(), self.layout.source));
            news.retain(|call| !handed.contains(call));
            if news.is_empty() {
                break (nodes, parameters);
            }
            handed.extend(news);
        };
        let fits = sites.place_all(&handed, self.layout.source, |wait| {
            self.only_evaluates(wait)
        }) && hands_over_each_once(&nodes, &handed)
            && depends_on_turns(&nodes)
            && self.has_what_it_reads(before, stretch, &nodes)
            && self.are_sure(&body[..=at], &handed, sites);
        if !fits {
            return None;
        }
        let gains: Vec<Gain<'a>> = self
            .all_gains(stretch, &nodes)
            .into_iter()
            .filter(|gain| handed.contains(&gain.call))
            .collect();
        if gains.is_empty() {
            return None;
        }
        let handed = sites.named(&handed, &mut self.planner.names);
        let nodes = split(nodes, self.layout.source);
        Some(Turns {
            stretch,
            sites: sites.clone(),
            nodes,
            parameters,
            handed,
            calls: self.planner.names.claim("calls"),
            gains,
        })
    }

    /// Is all that the generator reads of the function bound? If not, that fails differently there (A3).
    fn has_what_it_reads(
        &self,
        before: &'a [Stmt],
        stretch: &'a [Stmt],
        nodes: &[Node<'a>],
    ) -> bool {
        let mut definite = self.definite.clone();
        before
            .iter()
            .for_each(|statement| self.facts.of(statement).settle(&mut definite));
        let reads: HashSet<&'a str> = nodes.iter().flat_map(Node::all_reads).collect();
        stretch.iter().all(|statement| {
            let effects = self.facts.of(statement);
            let mut exposed = effects.exposed.iter();
            let bound = exposed.all(|name| {
                let unbound = self.facts.locals.contains(name) && !definite.contains(name);
                !unbound || !reads.contains(name)
            });
            effects.settle(&mut definite);
            bound
        })
    }

    /// Does evaluating the call's arguments change nothing?
    fn only_evaluates(&self, wait: &'a ExprAwait) -> bool {
        let may_grow = self.program.module.has_default_dicts;
        let effects = self.facts.of_expression(wait);
        effects.is_some_and(|own| is_quiet(own) && (own.lookups.is_empty() || !may_grow))
    }

    /// Is each call handed over whenever the last statement of `body`, the loop, comes to it?
    fn are_sure(&self, body: &'a [Stmt], handed: &HashSet<TextRange>, sites: &Sites<'a>) -> bool {
        let attempts = Attempts {
            plan: self,
            sites,
            handed,
        };
        attempts.are_sure(body, &self.definite, false)
    }

    fn slice_turns(
        &self,
        before: &'a [Stmt],
        stretch: &'a [Stmt],
        handed: &HashSet<TextRange>,
        patches: &Patches<'a>,
    ) -> Sliced<'a> {
        let subject = Subject {
            facts: self.facts,
            scope: self.scope,
            before,
            stretch,
            giving: false,
            guessing: None,
            handing: Some(handed),
        };
        self.slice(&subject, &super::Helpers::default(), patches)
    }
}

/// Notes on the nodes which of their calls are handed over.
pub(super) fn mark(nodes: &mut [Node<'_>], handed: &HashSet<TextRange>) {
    for node in nodes {
        node.handed = matches!(&node.kind, Kind::Call(call) if handed.contains(&call.range));
        for block in node.blocks_mut() {
            mark(block, handed);
        }
    }
}

fn calls_in(nodes: &[Node<'_>], each: &Stmt) -> HashSet<TextRange> {
    calls_of(nodes)
        .filter(|call| each.range().contains_range(*call))
        .collect()
}

/// Is each call made by one statement of its own, and where it may fail as it does in the loop in place?
/// Then what is handed over comes in the order in which the loop in place asks for it.
fn hands_over_each_once(nodes: &[Node<'_>], handed: &HashSet<TextRange>) -> bool {
    let mut found = Vec::new();
    let exact = note_handed(nodes, &mut found);
    let once: HashSet<TextRange> = found.iter().copied().collect();
    exact && once.len() == found.len() && once == *handed && !asks_again(nodes, handed)
}

/// False: some `try` does not do exactly what the loop in place does.
fn note_handed(nodes: &[Node<'_>], found: &mut Vec<TextRange>) -> bool {
    nodes.iter().all(|node| {
        if let Kind::Call(call) = &node.kind
            && node.handed
        {
            found.push(call.range);
        }
        let exact = match &node.kind {
            Kind::Try(attempt) => attempt.decided || !node.hands_over(),
            _ => true,
        };
        exact
            && node
                .blocks()
                .into_iter()
                .all(|block| note_handed(block, found))
    })
}

/// Does a statement that stays as it is make such a call itself?
fn asks_again(nodes: &[Node<'_>], handed: &HashSet<TextRange>) -> bool {
    nodes.iter().any(|node| {
        let list =
            matches!(&node.kind, Kind::Results(results) if handed.contains(&results.call.range));
        list || node.waits.iter().any(|call| handed.contains(call))
            || node
                .blocks()
                .into_iter()
                .any(|block| asks_again(block, handed))
    })
}

/// Does a turn of the loop need one before it? Else form 2 runs its turns at once.
fn depends_on_turns(nodes: &[Node<'_>]) -> bool {
    let Some(node) = nodes.iter().rev().find(|node| node.hands_over()) else {
        return false;
    };
    match &node.kind {
        Kind::For(each) => {
            let leaves = |inner: &Node<'_>| inner.leaves() > Some(Leave::Continue);
            !carried_by(each, &node.reads).is_empty() || each.body.iter().any(leaves)
        }
        _ => matches!(node.kind, Kind::While(..)),
    }
}
