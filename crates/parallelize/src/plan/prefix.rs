//! How much of a loop's body can run ahead: its first items, as long as they only compute fresh values and
//! issue calls, and depend on nothing that the rest of the body does.

mod needed;

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::{Ranged, TextRange};

use super::FunctionPlan;
use super::block::{Item, Kind};
use crate::effects::Effects;

/// What the first part of a block has to do with.
pub(crate) struct Ahead<'a, 'x> {
    /// The loop or branch whose body it is.
    pub(crate) around: TextRange,
    /// Variables of the loop.
    pub(crate) targets: &'x [&'a str],
    /// What the whole body does, if it is run again and again.
    pub(crate) repeated: Option<&'x Effects<'a>>,
    /// Names that the body binds.
    pub(crate) assigned: HashSet<&'a str>,
}

/// The part that runs ahead, and what the rest needs of it.
#[derive(Debug)]
pub(crate) struct Prefix {
    pub(crate) length: usize,
    /// Variables in order of their binding.
    pub(crate) needed: Vec<String>,
    /// Why the next item stays.
    pub(crate) stop: Option<Stop>,
}

#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub(crate) range: TextRange,
    pub(crate) rule: &'static str,
    pub(crate) why: String,
}

impl Stop {
    fn new(range: TextRange, rule: &'static str, why: impl Into<String>) -> Self {
        Self {
            range,
            rule,
            why: why.into(),
        }
    }
}

impl<'a> FunctionPlan<'a, '_> {
    pub(crate) fn prefix(&self, ahead: &Ahead<'a, '_>, items: &[Item<'a>]) -> Prefix {
        let (mut length, mut stop) = self.longest(ahead, items);
        loop {
            let shorter = self
                .undisturbed(ahead, items, length)
                .or_else(|| self.returnable(ahead, items, length));
            match shorter {
                Some((less, reason)) => (length, stop) = (less, Some(reason)),
                None => break,
            }
        }
        let calls = |item: &Item<'a>| match self.effects_of(item) {
            None => true,
            Some(effects) => effects.awaits,
        };
        let last = items[..length]
            .iter()
            .rposition(calls)
            .map_or(0, |at| at + 1);
        let best = (last..=length).min_by_key(|&cut| self.needed(ahead, items, cut).len());
        let length = if last == 0 { 0 } else { best.unwrap_or(length) };
        Prefix {
            length,
            needed: self.needed(ahead, items, length),
            stop,
        }
    }

    /// The first items that may run ahead by themselves.
    fn longest(&self, ahead: &Ahead<'a, '_>, items: &[Item<'a>]) -> (usize, Option<Stop>) {
        let mut definite: HashSet<&'a str> = ahead.targets.iter().copied().collect();
        for (index, item) in items.iter().enumerate() {
            let stop = match &item.kind {
                Kind::Issue(issue) => {
                    let range = issue.awaited;
                    let carried = issue
                        .reads
                        .iter()
                        .find(|name| ahead.assigned.contains(*name) && !definite.contains(*name));
                    let carried = carried.map(|name| depends(range, name));
                    let unbound = || self.unbound(range, &issue.reads, &definite);
                    carried.or_else(unbound).or_else(|| {
                        let disturbed = ahead
                            .repeated
                            .is_some_and(|whole| whole.disturbs_states(&issue.states));
                        let why = "the loop also changes what this call reads";
                        disturbed.then(|| Stop::new(range, "E2", why))
                    })
                }
                Kind::Statement(statement) => {
                    let effects = self.facts.of(statement);
                    self.stops(statement.range(), effects, &definite, ahead)
                }
                Kind::Awaited(effects, range) => self.stops(*range, effects, &definite, ahead),
            };
            if stop.is_some() {
                return (index, stop);
            }
            if let Some(effects) = self.effects_of(item) {
                effects.settle(&mut definite);
            }
        }
        (items.len(), None)
    }

    fn stops(
        &self,
        range: TextRange,
        effects: &Effects<'a>,
        definite: &HashSet<&'a str>,
        ahead: &Ahead<'a, '_>,
    ) -> Option<Stop> {
        let assigned = &ahead.assigned;
        if let Some(reason) = &effects.in_place {
            return Some(Stop::new(reason.range, reason.rule, reason.why.clone()));
        }
        if let Some(test) = effects.exits.or(effects.breaks).or(effects.continues) {
            return Some(Stop::new(test, "E3", "what follows hangs on this test"));
        }
        if effects.opaque || !effects.written_states.is_empty() {
            return Some(Stop::new(range, "E2", "it changes the world"));
        }
        if let Some(name) = effects
            .exposed
            .iter()
            .find(|name| assigned.contains(*name) && !definite.contains(*name))
        {
            return Some(depends(range, name));
        }
        if let Some(stop) = self.unbound(range, &effects.exposed, definite) {
            return Some(stop);
        }
        if ahead
            .repeated
            .is_some_and(|whole| whole.disturbs_states(&effects.read_states))
        {
            return Some(Stop::new(
                range,
                "E2",
                "the loop also changes what it reads",
            ));
        }
        if let Some(name) = effects
            .binds
            .iter()
            .find(|name| self.facts.captured.contains(*name))
        {
            return Some(Stop::new(
                range,
                "A3",
                format!("a nested function uses `{name}`"),
            ));
        }
        let own = |name: &&'a str| {
            definite.contains(*name)
                || effects.binds.contains(*name) && !effects.exposed.contains(*name)
        };
        let witnesses = self.facts.witnesses(effects);
        let outside = witnesses
            .iter()
            .find(|name| !own(name) || self.facts.captured.contains(*name));
        outside.map(|name| {
            Stop::new(
                range,
                "A3",
                format!("it changes `{name}`, which outlives the iteration"),
            )
        })
    }

    /// Does it need a variable that may not be bound?
    fn unbound(
        &self,
        range: TextRange,
        reads: &BTreeSet<&'a str>,
        definite: &HashSet<&'a str>,
    ) -> Option<Stop> {
        let mut reads = reads.iter().copied();
        let name = reads.find(|name| self.may_be_unbound(name) && !definite.contains(name))?;
        let why = format!("`{name}` may not be bound, and that fails differently elsewhere");
        Some(Stop::new(range, "A3", why))
    }

    /// A variable of the function that some way to the place being planned does not bind.
    pub(crate) fn may_be_unbound(&self, name: &str) -> bool {
        self.facts.locals.contains(name) && !self.definite.contains(name)
    }

    /// Does what stays in place change something that the first `length` items of later iterations look at?
    fn undisturbed(
        &self,
        ahead: &Ahead<'a, '_>,
        items: &[Item<'a>],
        length: usize,
    ) -> Option<(usize, Stop)> {
        ahead.repeated?;
        let mut rest = Effects::default();
        let mut fresh = self.settled(&items[..length]);
        fresh.retain(|name| !ahead.targets.contains(name));
        for effects in items[length..]
            .iter()
            .filter_map(|item| self.effects_of(item))
        {
            rest.include(effects);
        }
        let outlives = |node: &crate::dependence::Node| {
            let names = self.facts.heap.names_reaching(*node);
            !names.iter().all(|name| fresh.contains(name))
        };
        rest.mutates.retain(outlives);
        rest.own.retain(|(_, name)| !fresh.contains(name));
        rest.binds.clear();
        items[..length]
            .iter()
            .enumerate()
            .find_map(|(index, item)| {
                let (reads, range) = match &item.kind {
                    Kind::Issue(issue) => (&issue.reads, issue.awaited),
                    Kind::Statement(statement) => {
                        (&self.facts.of(statement).reads, statement.range())
                    }
                    Kind::Awaited(effects, range) => (&effects.reads, *range),
                };
                self.facts.changes(&rest, reads).then(|| {
                    let name = self.changed_name(&rest, reads.iter().copied());
                    let why = match name {
                        Some(name) => {
                            format!("it looks at {name}, which the loop changes in place")
                        }
                        None => "the loop changes in place what this looks at".to_owned(),
                    };
                    (index, Stop::new(range, "A3", why))
                })
            })
    }

    /// Names certainly bound by these items.
    fn settled(&self, items: &[Item<'a>]) -> HashSet<&'a str> {
        let mut definite: HashSet<&'a str> = HashSet::new();
        for effects in items.iter().filter_map(|item| self.effects_of(item)) {
            effects.settle(&mut definite);
        }
        definite
    }
}

fn depends(range: TextRange, name: &str) -> Stop {
    Stop::new(
        range,
        "A5",
        format!("it needs `{name}` from the iteration before, or from a statement that stays"),
    )
}

fn ranges(items: &[Item<'_>]) -> Vec<TextRange> {
    let mut ranges = Vec::new();
    for item in items {
        match &item.kind {
            Kind::Issue(issue) => ranges.extend(&issue.ranges),
            Kind::Statement(statement) => ranges.push(statement.range()),
            Kind::Awaited(..) => {}
        }
    }
    ranges
}
