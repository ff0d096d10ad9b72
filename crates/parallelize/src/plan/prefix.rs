//! How much of a loop's body can run ahead: its first items, as long as they only compute fresh values and
//! issue calls, and depend on nothing that the rest of the body does.

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::{Ranged, Stmt, StmtFor, TextRange};

use super::FunctionPlan;
use super::block::{Item, Kind};
use crate::effects::Effects;

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
    pub(crate) fn prefix(
        &self,
        each: &'a StmtFor,
        targets: &[&'a str],
        items: &[Item<'a>],
        whole: &Effects<'a>,
    ) -> Prefix {
        let mut assigned: HashSet<&'a str> = whole.binds.iter().copied().collect();
        assigned.extend(targets);
        let (mut length, mut stop) = self.longest(targets, items, whole, &assigned);
        loop {
            let shorter = self
                .undisturbed(items, length, targets)
                .or_else(|| self.returnable(each, items, length));
            match shorter {
                Some((less, reason)) => (length, stop) = (less, Some(reason)),
                None => break,
            }
        }
        let calls = |item: &Item<'a>| match item.kind {
            Kind::Issue(_) => true,
            Kind::Statement(statement) => self.facts.of(statement).awaits,
        };
        let last = items[..length]
            .iter()
            .rposition(calls)
            .map_or(0, |at| at + 1);
        let best = (last..=length).min_by_key(|&cut| self.needed(each, items, cut, targets).len());
        let length = if last == 0 { 0 } else { best.unwrap_or(length) };
        Prefix {
            length,
            needed: self.needed(each, items, length, targets),
            stop,
        }
    }

    /// The first items that may run ahead by themselves.
    fn longest(
        &self,
        targets: &[&'a str],
        items: &[Item<'a>],
        whole: &Effects<'a>,
        assigned: &HashSet<&'a str>,
    ) -> (usize, Option<Stop>) {
        let mut definite: HashSet<&'a str> = targets.iter().copied().collect();
        for (index, item) in items.iter().enumerate() {
            let stop = match &item.kind {
                Kind::Issue(issue) => {
                    let carried = issue
                        .reads
                        .iter()
                        .find(|name| assigned.contains(*name) && !definite.contains(*name));
                    carried.map(|name| depends(issue.range, name)).or_else(|| {
                        whole.disturbs_states(&issue.states).then(|| {
                            Stop::new(
                                issue.range,
                                "E2",
                                "the loop also changes what this call reads",
                            )
                        })
                    })
                }
                Kind::Statement(statement) => self.stops(statement, &definite, assigned, whole),
            };
            if stop.is_some() {
                return (index, stop);
            }
            if let Kind::Statement(statement) = item.kind {
                self.facts.of(statement).settle(&mut definite);
            }
        }
        (items.len(), None)
    }

    fn stops(
        &self,
        statement: &'a Stmt,
        definite: &HashSet<&'a str>,
        assigned: &HashSet<&'a str>,
        whole: &Effects<'a>,
    ) -> Option<Stop> {
        let effects = self.facts.of(statement);
        if let Some(reason) = &effects.in_place {
            return Some(Stop::new(reason.range, reason.rule, reason.why.clone()));
        }
        if let Some(range) = effects.exits.or(effects.breaks).or(effects.continues) {
            return Some(Stop::new(range, "E3", "what follows hangs on this test"));
        }
        if effects.opaque || !effects.written_states.is_empty() {
            return Some(Stop::new(statement.range(), "E2", "it changes the world"));
        }
        if let Some(name) = effects
            .exposed
            .iter()
            .find(|name| assigned.contains(*name) && !definite.contains(*name))
        {
            return Some(depends(statement.range(), name));
        }
        if let Some(name) = effects
            .exposed
            .iter()
            .find(|name| self.may_be_unbound(name) && !definite.contains(*name))
        {
            return Some(Stop::new(
                statement.range(),
                "A3",
                format!("`{name}` may not be bound, and that fails differently elsewhere"),
            ));
        }
        if whole.disturbs_states(&effects.read_states) {
            return Some(Stop::new(
                statement.range(),
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
                statement.range(),
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
                statement.range(),
                "A3",
                format!("it changes `{name}`, which outlives the iteration"),
            )
        })
    }

    /// A variable of the function that some way to the place being planned does not bind.
    pub(crate) fn may_be_unbound(&self, name: &str) -> bool {
        self.facts.locals.contains(name) && !self.definite.contains(name)
    }

    /// Does what stays in place change something that the first `length` items look at?
    fn undisturbed(
        &self,
        items: &[Item<'a>],
        length: usize,
        targets: &[&'a str],
    ) -> Option<(usize, Stop)> {
        let mut rest = Effects::default();
        let mut fresh: HashSet<&'a str> = HashSet::new();
        for item in &items[..length] {
            if let Kind::Statement(statement) = item.kind {
                self.facts.of(statement).settle(&mut fresh);
            }
        }
        fresh.retain(|name| !targets.contains(name));
        for item in &items[length..] {
            if let Kind::Statement(statement) = item.kind {
                rest.include(self.facts.of(statement));
            }
        }
        let outlives = |node: &crate::dependence::Node| {
            !self
                .facts
                .heap
                .names_reaching(*node)
                .iter()
                .all(|name| fresh.contains(name))
        };
        rest.mutates.retain(outlives);
        rest.own.retain(|(_, name)| !fresh.contains(name));
        rest.binds.clear();
        items[..length]
            .iter()
            .enumerate()
            .find_map(|(index, item)| {
                let (reads, range) = match &item.kind {
                    Kind::Issue(issue) => (&issue.reads, issue.range),
                    Kind::Statement(statement) => {
                        (&self.facts.of(statement).reads, statement.range())
                    }
                };
                self.facts.changes(&rest, reads).then(|| {
                    (
                        index,
                        Stop::new(range, "A3", "the loop changes in place what this looks at"),
                    )
                })
            })
    }

    /// Every variable that the rest needs must be bound whenever the first `length` items end.
    fn returnable(
        &self,
        each: &'a StmtFor,
        items: &[Item<'a>],
        length: usize,
    ) -> Option<(usize, Stop)> {
        let excluded = ranges(&items[..length]);
        let mut definite: HashSet<&'a str> = HashSet::new();
        for item in &items[..length] {
            if let Kind::Statement(statement) = item.kind {
                self.facts.of(statement).settle(&mut definite);
            }
        }
        items[..length]
            .iter()
            .enumerate()
            .find_map(|(index, item)| {
                let Kind::Statement(statement) = item.kind else {
                    return None;
                };
                let binds = &self.facts.of(statement).binds;
                let missing = binds.iter().find(|name| {
                    !definite.contains(*name) && self.is_read_outside(name, &excluded, each)
                });
                missing.map(|name| {
                    (
                        index,
                        Stop::new(
                            statement.range(),
                            "A5",
                            format!("`{name}` keeps its value from before if it is not set here"),
                        ),
                    )
                })
            })
    }

    /// Is the value that the loop `each` gives to `name` read anywhere but in the excluded ranges?
    fn is_read_outside(&self, name: &str, excluded: &[TextRange], each: &StmtFor) -> bool {
        self.reads.get(name).into_iter().flatten().any(|read| {
            let of_another = read
                .variable_of
                .is_some_and(|range| range != each.range() && !range.contains_range(each.range()));
            !of_another && !excluded.iter().any(|range| within(*range, read.at))
        })
    }

    fn needed(
        &self,
        each: &'a StmtFor,
        items: &[Item<'a>],
        length: usize,
        targets: &[&'a str],
    ) -> Vec<String> {
        let excluded = ranges(&items[..length]);
        let mut names: Vec<String> = Vec::new();
        let mut seen: BTreeSet<&'a str> = BTreeSet::new();
        let mut offer = |name: &'a str, names: &mut Vec<String>| {
            if seen.insert(name) && self.is_read_outside(name, &excluded, each) {
                names.push(name.to_owned());
            }
        };
        targets.iter().for_each(|name| offer(name, &mut names));
        let mut issued = Vec::new();
        for item in &items[..length] {
            match &item.kind {
                Kind::Issue(issue) => issued.push((issue.name.clone(), issue.range)),
                Kind::Statement(statement) => {
                    let mut binds: Vec<&'a str> =
                        self.facts.of(statement).binds.iter().copied().collect();
                    binds.sort_unstable();
                    binds.iter().for_each(|name| offer(name, &mut names));
                }
            }
        }
        let statements = statement_ranges(&items[..length]);
        let awaited_later = issued
            .into_iter()
            .filter(|(_, range)| !statements.iter().any(|one| one.contains_range(*range)));
        names.extend(awaited_later.map(|(name, _)| name));
        names
    }

    /// Are variables of the loop read outside it, where a failure may leave them different (A5)?
    pub(crate) fn read_after_failure(
        &self,
        each: &'a StmtFor,
        whole: &Effects<'a>,
        targets: &[&'a str],
    ) -> Option<&'a str> {
        if self.tries == 0 {
            return None;
        }
        let names = whole.binds.iter().chain(targets).copied();
        let mut outside = names.filter(|name| {
            self.reads
                .get(name)
                .into_iter()
                .flatten()
                .any(|read| !within(each.range(), read.at))
        });
        outside.next()
    }
}

fn depends(range: TextRange, name: &str) -> Stop {
    Stop::new(
        range,
        "A5",
        format!("it needs `{name}` from the iteration before, or from a statement that stays"),
    )
}

fn within(range: TextRange, at: usize) -> bool {
    range.start().to_usize() <= at && at < range.end().to_usize()
}

fn statement_ranges(items: &[Item<'_>]) -> Vec<TextRange> {
    let ranges = items.iter().filter_map(|item| match item.kind {
        Kind::Statement(statement) => Some(statement.range()),
        Kind::Issue(_) => None,
    });
    ranges.collect()
}

fn ranges(items: &[Item<'_>]) -> Vec<TextRange> {
    let ranges = items.iter().map(|item| match &item.kind {
        Kind::Statement(statement) => statement.range(),
        Kind::Issue(issue) => issue.range,
    });
    ranges.collect()
}
