//! Loops that stay in order as a whole, and why.

use std::collections::BTreeSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtFor};

use super::FunctionPlan;
use crate::dependence::is_plain;
use crate::effects::Effects;

/// Rule, reason, and what would help.
pub(super) type Refusal = (&'static str, String, Option<&'static str>);

impl<'a> FunctionPlan<'a, '_> {
    /// Why the loop as a whole cannot run ahead.
    pub(super) fn refusal(
        &self,
        each: &'a StmtFor,
        targets: Option<&[&'a str]>,
        whole: &Effects<'a>,
    ) -> Option<Refusal> {
        let Some(targets) = targets else {
            return Some((
                "A5",
                "its target is not a plain name".into(),
                Some("loop over a plain name"),
            ));
        };
        if whole.breaks.is_some() {
            return Some((
                "E3",
                "`break` decides whether the next iteration runs".into(),
                Some("filter the list first"),
            ));
        }
        if each.is_async || !each.orelse.is_empty() {
            return Some(("E3", "it is `async for`, or has an `else`".into(), None));
        }
        if let Some(range) = whole.exits {
            let leaver = self.leaver(range);
            let why = format!("{leaver} decides whether the next iteration runs");
            return Some(("E3", why, Some("decide after the loop")));
        }
        let program = &self.program;
        if !is_plain(
            &each.iter,
            self.scope,
            program.bindings,
            program.module,
            program.sites,
        ) {
            return Some((
                "A6",
                "its items may not be fixed when it begins".into(),
                Some("annotate the parameter as `list`, or make it a list"),
            ));
        }
        if self.walks_what_changes(each, whole) {
            return Some((
                "A6",
                "it changes what it walks along".into(),
                Some("loop over a copy, collect changes in a new list"),
            ));
        }
        if targets
            .iter()
            .any(|name| self.facts.captured.contains(name))
        {
            return Some(("A3", "a nested function uses its variable".into(), None));
        }
        let mut ahead = whole.clone();
        let carried = self.carried(&each.body);
        ahead.binds.retain(|name| !carried.contains(name));
        let unclear = self.read_after_failure(each.range(), &ahead, targets);
        unclear.map(|name| {
            (
                "A5",
                format!("`{name}` is read outside, after a failure that is caught"),
                Some("use another name outside the loop"),
            )
        })
    }

    /// `sorted(prices)`: what happens to `prices` later does not matter.
    fn walks_a_copy(&self, iter: &'a Expr) -> bool {
        let Expr::Call(call) = iter else {
            return false;
        };
        matches!(&*call.func, Expr::Name(name)
            if matches!(name.id.as_str(), "sorted" | "list" | "tuple" | "set" | "range")
                && self.program.module.scopes.owner(self.scope, name.id.as_str()).is_none())
    }

    /// Can the items be had without a failure that the loop alone may raise?
    pub(super) fn can_be_walked(&self, iter: &'a Expr) -> bool {
        let builtin = |name: &str| !self.program.module.binds(name);
        match iter {
            Expr::Name(_) => true, // the loop itself finds out
            Expr::Call(call) if call.arguments.keywords.is_empty() => {
                let mut arguments = call.arguments.args.iter();
                match &*call.func {
                    Expr::Name(name) if builtin(name.id.as_str()) => match name.id.as_str() {
                        "enumerate" | "zip" | "reversed" => arguments.all(|one| self.is_list(one)),
                        "range" => arguments
                            .all(|one| self.types().of(one) == Some(dice_catalog::Type::Integer)),
                        _ => false,
                    },
                    _ => false,
                }
            }
            _ => self.is_list(iter),
        }
    }

    fn is_list(&self, value: &'a Expr) -> bool {
        let mut names = std::collections::BTreeSet::new();
        let display = matches!(value, Expr::List(_) | Expr::Tuple(_))
            && self.is_total(value, &self.definite, &mut names);
        let list = matches!(self.types().of(value), Some(dice_catalog::Type::List(_)));
        display || list && value.is_name_expr()
    }

    /// Variables whose value from the iteration before is read: these are bound in place, in order.
    fn carried(&self, body: &'a [Stmt]) -> BTreeSet<&'a str> {
        let mut carried: BTreeSet<&'a str> = BTreeSet::new();
        let mut bound: BTreeSet<&'a str> = BTreeSet::new();
        for statement in body {
            let effects = self.facts.of(statement);
            let before = effects.exposed.iter().filter(|name| !bound.contains(*name));
            carried.extend(before.copied());
            bound.extend(&effects.definite);
        }
        carried
    }

    /// Does the body change the container itself (not its items)?
    fn walks_what_changes(&self, each: &'a StmtFor, whole: &Effects<'a>) -> bool {
        let mut roots = Vec::new();
        let simple = self.container_names(&each.iter, &mut roots);
        let heap = &self.facts.heap;
        let changed = self.facts.changed(whole);
        if self.walks_a_copy(&each.iter) {
            return false;
        }
        if whole.own.iter().any(|(_, name)| roots.contains(name)) {
            return true;
        }
        roots.iter().any(|name| {
            let reach = heap.reach_of_name(name);
            if let (true, Some(held)) = (simple, heap.held_by_part(name)) {
                return changed.contains(&held);
            }
            let looked_at = if simple {
                &reach[..reach.len().min(1)]
            } else {
                &reach[..]
            };
            looked_at.iter().any(|node| changed.contains(node))
        })
    }

    /// Names of the containers walked along; `true` if only they themselves, not what is in them, matter.
    fn container_names(&self, iter: &'a Expr, roots: &mut Vec<&'a str>) -> bool {
        match iter {
            Expr::Name(name) => {
                roots.push(name.id.as_str());
                true
            }
            Expr::Attribute(_) if let Some(part) = self.part_named(iter) => {
                roots.push(part);
                true
            }
            Expr::Call(call) => {
                let owner = match &*call.func {
                    Expr::Attribute(attribute) => self.container_names(&attribute.value, roots),
                    _ => true,
                };
                let arguments: Vec<bool> = call
                    .arguments
                    .args
                    .iter()
                    .map(|value| self.container_names(value, roots))
                    .collect();
                owner && arguments.into_iter().all(|simple| simple)
            }
            _ => {
                let mut names: Vec<&str> = crate::effects::names_in(iter).into_iter().collect();
                names.sort_unstable();
                roots.extend(names);
                iter.is_literal_expr()
            }
        }
    }

    /// `self.seen`, if what the function reads of its object is known by that name.
    fn part_named(&self, value: &Expr) -> Option<&'a str> {
        let text = self.layout.source.get(value.range().to_std_range())?;
        self.facts.heap.held_by_part(text).map(|_| text)
    }
}
