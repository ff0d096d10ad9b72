//! Form 4, the run-ahead slice: the calls of a function and the pure code that decides and feeds them, in a
//! coroutine that runs ahead of the unchanged body, whose equal calls join its own (E5). What it gives
//! and raises is dropped: without it, the program is as it was.

mod compound;
mod distribute;
mod fallible;
mod gain;
mod judge;
mod node;
mod prune;
mod size;
mod slice;
mod targets;
mod text;
mod threads;

use std::collections::HashSet;

use dice_program::ast::{Expr, Ranged, Stmt, StmtFunctionDef};

use super::{FunctionPlan, Program};
use crate::effects::{Effects, FunctionFacts, GLOBALS, Scope, bound_names};
use crate::emit::{Layout, Patches, reindent};
use node::{Leave, Names, Node};
pub(super) use targets::{waits, walrus_names};
use text::Writer;

/// Reads a function, statement by statement, and makes its slice.
struct Slicer<'a, 'w> {
    program: &'w Program<'a, 'w>,
    facts: &'w FunctionFacts<'a>,
    patches: &'w Patches<'a>,
    layout: Layout<'a>,
    scope: Scope,
    /// Names whose values the slice does not have at the place being read.
    unknown: HashSet<&'a str>,
    /// Names whose values it never has.
    dirty: HashSet<&'a str>,
    /// Names that have a value before the slice begins.
    outside: HashSet<&'a str>,
    /// Variables of comprehensions that the slice walks along itself.
    own_targets: Vec<&'a str>,
    /// Has anything been left out that may fail?
    fallible: bool,
    /// How an undecided test may leave the block being read.
    stopped: Option<Leave>,
}

/// Lines of the text: what comes before the stretch, the stretch, and what comes after it.
struct Place {
    range: (usize, usize),
    head: String,
    body: String,
    tail: String,
}

impl<'a> FunctionPlan<'a, '_> {
    /// Puts a slice in front of the function's body, if that makes any call sooner.
    pub(super) fn run_ahead_of(&mut self, function: &'a StmtFunctionDef) {
        let body = function.body.as_slice();
        let waits = |statement: &Stmt| self.facts.of(statement).awaits;
        let (Some(first), Some(last)) = (body.iter().position(waits), body.iter().rposition(waits))
        else {
            return;
        };
        if !self.layout.is_plain(body) || !size::is_small(body) {
            return;
        }
        let stretch = &body[first..=last];
        let Some((nodes, parameters)) = self.slice(&body[..first], stretch) else {
            return;
        };
        let calls = self.gains(stretch, &nodes);
        let Some(place) = self.place(stretch).filter(|_| !calls.is_empty()) else {
            return;
        };
        self.write_slice(stretch, place, &nodes, &parameters);
        let function_name = function.name.as_str();
        for (range, called) in calls {
            let why = format!(
                "form 4: a slice of `{function_name}` runs ahead and calls `{called}` as soon as its tests are decided; the body joins that call"
            );
            self.planner.moved(range, "E3", why);
        }
    }

    /// The nodes of the slice, and the variables that it is given.
    fn slice(
        &self,
        before: &'a [Stmt],
        stretch: &'a [Stmt],
    ) -> Option<(Vec<Node<'a>>, Vec<&'a str>)> {
        let mut all = Effects::default();
        stretch
            .iter()
            .for_each(|statement| all.include(self.facts.of(statement)));
        let mut outside: HashSet<&'a str> = bound_names(before);
        outside.extend(&self.facts.parameters);
        outside.extend(&self.facts.outer);
        let mut slicer = Slicer {
            program: &self.program,
            facts: self.facts,
            patches: &self.planner.patches,
            layout: self.layout,
            scope: self.scope,
            unknown: HashSet::new(),
            dirty: HashSet::new(),
            outside,
            own_targets: Vec::new(),
            fallible: false,
            stopped: None,
        };
        let changed = |name: &&'a str| self.facts.changes(&all, &Names::from([*name]));
        let late: Vec<&'a str> = slicer.outside.iter().copied().filter(changed).collect();
        slicer.unknown.extend(late.iter().copied());
        if changed(&GLOBALS) {
            slicer.dirty.insert(GLOBALS);
        }
        let mut nodes = Vec::new();
        for statement in before {
            slicer.again(statement, &late, before, &mut nodes);
        }
        slicer.block(stretch, &mut nodes);
        let outside = slicer.outside;
        let nodes = prune::prune(nodes);
        let mut changes = Names::new();
        nodes
            .iter()
            .for_each(|node| changes.extend(node.all_changes()));
        let nodes = distribute::distribute(nodes, &Names::new(), &changes);
        let mut reads = Names::new();
        nodes.iter().for_each(|node| reads.extend(node.all_reads()));
        let parameters = reads
            .into_iter()
            .filter(|name| outside.contains(name) && all.binds.contains(name))
            .collect();
        Some((nodes, parameters))
    }

    fn write_slice(
        &mut self,
        stretch: &'a [Stmt],
        place: Place,
        nodes: &[Node<'a>],
        parameters: &[&'a str],
    ) {
        let package = self.planner.package();
        let first = &stretch[0];
        let Place {
            range: (start, end),
            body,
            head,
            tail,
        } = place;
        let early = match body.contains(['\0']) || body.contains("early") {
            true => self.planner.names.claim("early_on"),
            false => "early".to_owned(),
        };
        let mut bound: Names<'a> = parameters.iter().copied().collect();
        let mut changed = Names::new();
        for node in nodes {
            bound.extend(node.all_binds());
            changed.extend(node.all_changes());
        }
        let indentation = self.layout.indentation(first).to_owned();
        let mut writer = Writer {
            patches: &self.planner.patches,
            names: &mut self.planner.names,
            layout: self.layout,
            unit: self.unit.clone(),
            indentation: indentation.clone(),
            early: early.clone(),
            bound,
            changed,
            definitions: Vec::new(),
        };
        let name = writer.whole("look_ahead", parameters, nodes);
        let mut text = writer.definitions.join("\n");
        let unit = &self.unit;
        let inner = reindent(&body, unit.chars().count() as isize, unit);
        text.push_str(&format!(
            "\n{indentation}async with {package}.ahead() as {early}:\n{indentation}{unit}{early}.start({name}({}))\n{inner}",
            parameters.join(", ")
        ));
        let above = format!("{}{head}", &self.layout.source[..start]);
        let gap = match above.ends_with(":\n") || above.ends_with("\n\n") {
            true => "",
            false => "\n",
        };
        self.planner
            .patches
            .replace(start, end, format!("{head}{gap}{text}{tail}"));
    }

    /// Where the stretch stands, with what other forms have made of it and of the lines around it.
    fn place(&self, stretch: &'a [Stmt]) -> Option<Place> {
        let (patches, source) = (&self.planner.patches, self.layout.source);
        let start = self
            .layout
            .line_start(stretch[0].range().start().to_usize());
        let end = self
            .layout
            .line_end(stretch[stretch.len() - 1].range().end().to_usize());
        let from = patches
            .covering(start)
            .map_or(start, |(from, ..)| from.min(start));
        let to = patches
            .covering(end - 1)
            .map_or(end, |(_, to, _)| to.max(end));
        let text = patches.slice(from, to);
        let body = text.strip_prefix(&source[from..start])?;
        let tail = &source[end..to];
        let tail = if body.ends_with(tail) { tail } else { "" };
        Some(Place {
            range: (from, to),
            head: source[from..start].to_owned(),
            body: body[..body.len() - tail.len()].to_owned(),
            tail: tail.to_owned(),
        })
    }
}

impl<'a> Slicer<'a, '_> {
    /// A list that the body changes is made once more, for the slice alone.
    fn again(
        &mut self,
        statement: &'a Stmt,
        late: &[&'a str],
        before: &'a [Stmt],
        out: &mut Vec<Node<'a>>,
    ) {
        let assigned = match statement {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(name)] => Some((name.id.as_str(), &*assign.value)),
                _ => None,
            },
            Stmt::AnnAssign(assign) => match (&*assign.target, &assign.value) {
                (Expr::Name(name), Some(value)) => Some((name.id.as_str(), &**value)),
                _ => None,
            },
            _ => None,
        };
        let binds =
            |name| move |other: &&Stmt| bound_names(std::slice::from_ref(*other)).contains(name);
        if let Some((name, value)) = assigned
            && late.contains(&name)
            && before.iter().filter(binds(name)).count() == 1
            && !self.facts.parameters.contains(&name)
            && self.judge(value).is_some()
        {
            self.outside.remove(name);
            self.block(std::slice::from_ref(statement), out);
            return;
        }
        let touched = self.touched(self.facts.of(statement));
        let mut own = touched
            .iter()
            .filter(|name| late.contains(*name) && !self.outside.contains(*name));
        if own.next().is_some() {
            match statement {
                Stmt::Expr(_) | Stmt::AugAssign(_) => {
                    self.block(std::slice::from_ref(statement), out);
                }
                _ => self.unknown.extend(touched),
            }
        }
    }
}
