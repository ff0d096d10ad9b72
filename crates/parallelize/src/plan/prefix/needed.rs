//! What the rest of a block needs of the part that runs ahead.

use std::collections::BTreeSet;

use dice_program::ast::TextRange;

use super::{Ahead, Stop, ranges};
use crate::effects::Effects;
use crate::plan::FunctionPlan;
use crate::plan::block::{Item, Kind};

impl<'a> FunctionPlan<'a, '_> {
    /// Every variable that the rest needs must be bound whenever the first `length` items end.
    pub(super) fn returnable(
        &self,
        ahead: &Ahead<'a, '_>,
        items: &[Item<'a>],
        length: usize,
    ) -> Option<(usize, Stop)> {
        let taken = ranges(&items[..length]);
        let definite = self.settled(&items[..length]);
        items[..length]
            .iter()
            .enumerate()
            .find_map(|(index, item)| {
                let (effects, range) = (self.effects_of(item)?, item.range()?);
                let missing = effects.binds.iter().find(|name| {
                    !definite.contains(*name) && self.is_read_outside(name, &taken, ahead.around)
                })?;
                let why = format!("`{missing}` keeps its value from before if it is not set here");
                Some((index, Stop::new(range, "A5", why)))
            })
    }

    /// Is the value that code in `around` gives to `name` read anywhere but in the ranges taken?
    pub(crate) fn is_read_outside(
        &self,
        name: &str,
        taken: &[TextRange],
        around: TextRange,
    ) -> bool {
        self.reads.get(name).into_iter().flatten().any(|read| {
            let of_another = read
                .variable_of
                .is_some_and(|range| range != around && !range.contains_range(around));
            !of_another && !taken.iter().any(|range| within(*range, read.at))
        })
    }

    /// What the rest needs of the first `length` items.
    pub(in crate::plan) fn needed(
        &self,
        ahead: &Ahead<'a, '_>,
        items: &[Item<'a>],
        length: usize,
    ) -> Vec<String> {
        let taken = ranges(&items[..length]);
        let mut names: Vec<String> = Vec::new();
        let mut seen: BTreeSet<&'a str> = BTreeSet::new();
        let mut offer = |name: &'a str, names: &mut Vec<String>| {
            if seen.insert(name) && self.is_read_outside(name, &taken, ahead.around) {
                names.push(name.to_owned());
            }
        };
        ahead
            .targets
            .iter()
            .for_each(|name| offer(name, &mut names));
        let mut issued = Vec::new();
        for item in &items[..length] {
            if let Kind::Issue(issue) = &item.kind {
                issued.push((issue.name.clone(), issue.awaited));
            }
            let effects = self.effects_of(item);
            let binds = effects.into_iter().flat_map(|effects| &effects.binds);
            binds.for_each(|name| offer(name, &mut names));
        }
        let done: Vec<TextRange> = items[..length].iter().filter_map(Item::range).collect();
        let awaited_later = issued
            .into_iter()
            .filter(|(_, range)| !done.iter().any(|one| one.contains_range(*range)));
        names.extend(awaited_later.map(|(name, _)| name));
        names
    }

    /// Are variables of the loop read outside it, where a failure may leave them different (A5)?
    pub(crate) fn read_after_failure(
        &self,
        around: TextRange,
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
                .any(|read| !within(around, read.at))
        });
        outside.next()
    }
}

fn within(range: TextRange, at: usize) -> bool {
    range.start().to_usize() <= at && at < range.end().to_usize()
}
