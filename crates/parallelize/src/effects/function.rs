//! Everything that planning needs to know about one function.

use std::collections::{BTreeSet, HashMap, HashSet};

use dice_program::CallSites;
use dice_program::ast::{Comprehension, Ranged, Stmt, StmtFunctionDef, TextRange};

use super::entries::Entry;
use super::module::Module;
use super::scopes::Scope;
use super::statements::Analysis;
use super::summary::Summary;
use super::walker::Walker;
use super::{Effects, GLOBALS, names};
use crate::dependence::{Bindings, Heap, Node};
use crate::functions::Functions;

/// What the function returns, as a name of the heap.
pub(crate) const RESULT: &str = "<result>";

#[derive(Debug)]
pub(crate) struct FunctionFacts<'a> {
    pub(crate) heap: Heap<'a>,
    pub(crate) locals: HashSet<&'a str>,
    pub(crate) parameters: Vec<&'a str>,
    /// Variables of functions around that it uses.
    pub(crate) outer: BTreeSet<&'a str>,
    /// Names that nested functions and lambdas of this function read or rebind.
    pub(crate) captured: HashSet<&'a str>,
    pub(crate) whole: Effects<'a>,
    statements: HashMap<TextRange, Effects<'a>>,
    comprehensions: HashMap<TextRange, Effects<'a>>,
    expressions: HashMap<TextRange, Effects<'a>>,
    pub(super) entries: Vec<Entry>,
}

impl<'a> FunctionFacts<'a> {
    pub(crate) fn of(&self, statement: &Stmt) -> &Effects<'a> {
        self.statements
            .get(&statement.range())
            .expect("every statement of the function was walked")
    }

    /// What a comprehension does per item.
    pub(crate) fn of_comprehension(&self, first: &Comprehension) -> &Effects<'a> {
        self.comprehensions
            .get(&first.range())
            .expect("every comprehension of the function was walked")
    }

    /// What evaluating a test, the iterable of a loop, or an awaited call does.
    pub(crate) fn of_expression(&self, expression: &impl Ranged) -> Option<&Effects<'a>> {
        self.expressions.get(&expression.range())
    }

    /// May `reads`, moved across `other`, see something else?
    pub(crate) fn disturbs(&self, other: &Effects<'a>, reads: &BTreeSet<&'a str>) -> bool {
        other.binds.iter().any(|name| reads.contains(name)) || self.changes(other, reads)
    }

    /// May `other` change an object that `reads` can see?
    pub(crate) fn changes(&self, other: &Effects<'a>, reads: &BTreeSet<&'a str>) -> bool {
        // What only one variable has in hand, nothing else can see change.
        if other.own.iter().any(|(_, name)| reads.contains(name)) {
            return true;
        }
        if other.mutates.is_empty() && other.smashes.is_empty() {
            return false;
        }
        let changed = self.changed(other);
        reads.iter().any(|name| {
            let seen = self.heap.reach_of_name(name);
            seen.iter().any(|node| changed.contains(node))
        })
    }

    /// What of the object in a variable is among the changed: one attribute or other, or all of it.
    pub(crate) fn parts_in(
        &self,
        name: &'a str,
        changed: &HashSet<usize>,
    ) -> Vec<(&'a str, Option<&'a str>)> {
        let heap = &self.heap;
        let apart = heap
            .known_name(name)
            .filter(|node| !heap.is_one(*node) && !changed.contains(&heap.same(*node)));
        let Some(node) = apart else {
            return vec![(name, None)];
        };
        let meets = |place| heap.reach(place).iter().any(|node| changed.contains(node));
        let places = heap.places(node).filter(|(_, place)| meets(*place));
        places.map(|(field, _)| (name, Some(field))).collect()
    }

    /// If the variable holds a container that does not change, of whose items, all objects, single attributes
    /// do: those.
    pub(crate) fn item_parts_in(&self, name: &str, changed: &HashSet<usize>) -> Vec<&'a str> {
        let heap = &self.heap;
        let same = |node: Node| changed.contains(&heap.same(node));
        let held = heap.known_name(name).filter(|node| !same(*node));
        let item = held.and_then(|node| Some((node, heap.known_inside(node)?)));
        let apart = item.filter(|(node, item)| {
            heap.same(*node) != heap.same(*item) && !heap.is_one(*item) && !same(*item)
        });
        let Some((_, item)) = apart else {
            return Vec::new();
        };
        let meets = |place| heap.reach(place).iter().any(|node| changed.contains(node));
        let places = heap.places(item).filter(|(_, place)| meets(*place));
        places.map(|(field, _)| field).collect()
    }

    /// The objects that `effects` may change, those left out that one variable alone has in hand.
    pub(crate) fn changed(&self, effects: &Effects<'a>) -> HashSet<usize> {
        let changed = effects.mutates.iter();
        let mut changed: HashSet<usize> = changed.map(|node| self.heap.same(*node)).collect();
        for node in &effects.smashes {
            changed.extend(self.heap.reach(*node));
        }
        changed
    }

    /// Names through which somebody could notice what this statement changes in place.
    pub(crate) fn witnesses(&self, effects: &Effects<'a>) -> Vec<&'a str> {
        let changed = effects.mutates.iter();
        let names = changed.flat_map(|node| self.heap.names_reaching(*node).iter().copied());
        let smashed = effects.smashes.iter();
        let smashed = smashed.flat_map(|node| self.heap.names_sharing(*node));
        let mut names: Vec<&'a str> = names
            .chain(smashed)
            .chain(effects.own.iter().map(|(_, name)| *name))
            .filter(|name| *name != RESULT)
            .collect();
        names.sort_by_key(|name| *name == GLOBALS);
        names
    }
}

/// Parameters that nothing binds anew.
fn steady<'a>(
    function: &'a StmtFunctionDef,
    parameters: &[&'a str],
    source: &str,
) -> HashSet<&'a str> {
    let bound = names::bound_names(&function.body);
    let text = source.get(function.range().to_std_range());
    let by_nested = text.is_none_or(|text| text.contains("nonlocal"));
    let steady = |name: &&&str| !by_nested && !bound.contains(**name);
    parameters.iter().filter(steady).copied().collect()
}

/// The facts about a function, and what its callers need to know of it.
pub(super) fn analyse_function<'a>(
    function: &'a StmtFunctionDef,
    scope: Scope,
    module: &Module<'a>,
    functions: &Functions,
    sites: &CallSites<'a>,
    bindings: &Bindings<'a>,
) -> (FunctionFacts<'a>, Summary<'a>) {
    let parameters = super::parameter_names(&function.parameters);
    let mut locals: HashSet<&'a str> = names::bound_names(&function.body);
    locals.extend(&parameters);
    let mut heap = Heap::default();
    let mut outer = BTreeSet::new();
    let mut statements = HashMap::new();
    let mut comprehensions = HashMap::new();
    let mut expressions = HashMap::new();
    let mut entries = Vec::new();
    let captured = names::captured_names(&function.body);
    let walker = Walker {
        steady: steady(function, &parameters, module.source),
        module,
        functions,
        sites,
        heap: &mut heap,
        locals: &locals,
        outer: &mut outer,
        bindings,
        scope,
        comprehensions: &mut comprehensions,
        expressions: &mut expressions,
        entries: &mut entries,
        inner: Vec::new(),
        fresh: HashSet::new(),
        scalar_names: HashMap::new(),
        default_dicts: Vec::new(),
        spawning: false,
        task_groups: HashSet::new(),
    };
    let mut analysis = Analysis::new(walker, &mut statements, captured.clone());
    let whole = analysis.block(&function.body);
    let default_dicts = std::mem::take(&mut analysis.walker.default_dicts);
    let mut facts = FunctionFacts {
        heap,
        locals,
        parameters,
        outer,
        captured,
        whole,
        statements,
        comprehensions,
        expressions,
        entries,
    };
    if module.has_default_dicts {
        facts.grow_by_looking(&default_dicts);
    }
    let summary = Summary::of(&facts, &function.parameters);
    (facts, summary)
}

impl<'a> FunctionFacts<'a> {
    /// Looking something up in a `defaultdict`, or in what comes from outside, may change it.
    fn grow_by_looking(&mut self, default_dicts: &[Node]) {
        let mut growing: HashSet<usize> = HashSet::new();
        growing.extend(default_dicts.iter().map(|node| self.heap.same(*node)));
        let outside = self.parameters.iter().chain(&self.outer).chain([&GLOBALS]);
        for name in outside {
            growing.extend(self.heap.reach_of_name(name));
        }
        let heap = &self.heap;
        let grow = |effects: &mut Effects<'a>| {
            let lookups = std::mem::take(&mut effects.lookups);
            let grown = lookups
                .into_iter()
                .filter(|node| growing.contains(&heap.same(*node)));
            effects.mutates.extend(grown);
        };
        self.statements.values_mut().for_each(grow);
        self.comprehensions.values_mut().for_each(grow);
        grow(&mut self.whole);
    }

    /// Somebody unknown may pass one object twice: all parameters, and all variables around, may share
    /// everything.
    pub(super) fn share_everything(&mut self, module: &Module<'a>) {
        let mut names: Vec<&'a str> = self.parameters.clone();
        names.extend(&self.outer);
        if module.shares_variables() {
            names.push(GLOBALS);
        }
        let Some((first, others)) = names.split_first() else {
            return;
        };
        let first = self.heap.name(first);
        for other in others {
            let other = self.heap.name(other);
            self.heap.unify(first, other);
        }
        self.heap.collapse(first);
    }
}
