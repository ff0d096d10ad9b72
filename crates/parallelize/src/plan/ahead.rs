//! Form 4, the run-ahead slice: the calls of a function and the pure code that decides and feeds them, in a
//! coroutine that runs ahead of the unchanged body, whose equal calls join its own (E5). What it gives
//! and raises is dropped: without it, the program is as it was.

mod again;
mod attempt;
mod compound;
mod distribute;
mod fallible;
mod gain;
mod guess;
mod helpers;
mod judge;
mod likely;
mod node;
mod parts;
mod prune;
mod raising;
mod size;
mod slice;
mod speculate;
mod statements;
mod streams;
mod stretches;
mod targets;
mod text;
mod threads;
mod turns;
mod unknown;
mod write;

use std::collections::HashSet;

use dice_program::ast::{Stmt, TextRange};

use super::{FunctionPlan, Program};
use crate::effects::{Effects, FunctionFacts, GLOBALS, Scope, bound_names};
use crate::emit::{Layout, Patches};
use guess::Guessing;
use helpers::{Helpers, Trust};
use node::{Leave, Names, Node};
pub(super) use parts::{waits, walrus_names, walrus_names_in};
use unknown::{Part, Unknown};

/// Reads a function, statement by statement, and makes its slice.
struct Slicer<'a, 'w> {
    program: &'w Program<'a, 'w>,
    facts: &'w FunctionFacts<'a>,
    /// The source, in which helpers have the names of their slices.
    patches: &'w Patches<'a>,
    layout: Layout<'a>,
    scope: Scope,
    /// Names whose values the slice does not have at the place being read.
    unknown: Unknown<'a>,
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
    /// May the statement being read leave the function, and does what is awaited so far decide that?
    may_exit: bool,
    blocked: bool,
    /// The call that `asyncio.gather` awaits, where its argument is read.
    gathering: Option<TextRange>,
    helpers: &'w Helpers<'a>,
    /// Should it give what the function gives?
    giving: bool,
    /// Is there a way through the function on which it cannot?
    withheld: bool,
    /// Does it go on where a test is not decided?
    guessing: Option<Guessing>,
    /// Calls that the body takes from it.
    handing: Option<&'w HashSet<TextRange>>,
}

/// The slice of a function, and those of the helpers that it awaits.
struct Slices<'a> {
    nodes: Vec<Node<'a>>,
    /// The same before guesses were made.
    asking: Vec<Node<'a>>,
    /// Variables that it is given.
    parameters: Vec<&'a str>,
    helpers: Vec<(Scope, Vec<Node<'a>>)>,
}

/// What is made a slice of: a function, and how it is called for.
struct Subject<'a, 'w> {
    facts: &'w FunctionFacts<'a>,
    scope: Scope,
    before: &'a [Stmt],
    stretch: &'a [Stmt],
    giving: bool,
    guessing: Option<Guessing>,
    handing: Option<&'w HashSet<TextRange>>,
}

/// What is known of one slice.
struct Sliced<'a> {
    nodes: Vec<Node<'a>>,
    asking: Vec<Node<'a>>,
    parameters: Vec<&'a str>,
    trust: Trust<'a>,
}

impl<'a> FunctionPlan<'a, '_> {
    /// The slices of the function and its helpers. What the helpers are good for is taken for the best
    /// first, and all is done over until that holds.
    fn slices(
        &self,
        before: &'a [Stmt],
        stretch: &'a [Stmt],
        helpers: &mut Helpers<'a>,
        patches: &Patches<'a>,
        guessing: Option<Guessing>,
    ) -> Slices<'a> {
        loop {
            let own = Subject {
                facts: self.facts,
                scope: self.scope,
                before,
                stretch,
                giving: false,
                guessing,
                handing: None,
            };
            let Sliced {
                nodes,
                asking,
                parameters,
                ..
            } = self.slice(&own, helpers, patches);
            let mut waiting = helpers.used(&nodes);
            let mut news = false;
            let mut learn = |helpers: &mut Helpers<'a>, scope, trust: &Trust<'a>| {
                news |= helpers.learn(scope, trust);
            };
            Self::learn_misuse(&nodes, helpers, &mut learn);
            let mut made: Vec<(Scope, Vec<Node<'a>>)> = Vec::new();
            while let Some(scope) = waiting.pop() {
                if made.iter().any(|(other, _)| *other == scope) {
                    continue;
                }
                let Some((nodes, trust)) = self.helper_slice(scope, helpers, patches, guessing)
                else {
                    continue;
                };
                learn(helpers, scope, &trust);
                Self::learn_misuse(&nodes, helpers, &mut learn);
                waiting.extend(helpers.used(&nodes));
                made.push((scope, nodes));
            }
            if !news {
                return Slices {
                    nodes,
                    asking,
                    parameters,
                    helpers: made,
                };
            }
        }
    }

    /// Helpers that are handed what a slice changes are not for slices.
    fn learn_misuse(
        nodes: &[Node<'a>],
        helpers: &mut Helpers<'a>,
        learn: &mut impl FnMut(&mut Helpers<'a>, Scope, &Trust<'a>),
    ) {
        let changed: Names<'a> = nodes.iter().flat_map(Node::all_changes).collect();
        for scope in helpers.misused(nodes, &changed) {
            learn(helpers, scope, &Trust::WORST);
        }
    }

    /// The slice of a helper, and what it is good for.
    fn helper_slice(
        &self,
        scope: Scope,
        helpers: &Helpers<'a>,
        patches: &Patches<'a>,
        guessing: Option<Guessing>,
    ) -> Option<(Vec<Node<'a>>, Trust<'a>)> {
        let helper = helpers.get(scope)?;
        let subject = Subject {
            facts: self.program.module.facts_of(scope)?,
            scope,
            before: &[],
            stretch: &helper.function.body,
            giving: helper.trust.gives,
            guessing,
            handing: None,
        };
        let Sliced {
            nodes, mut trust, ..
        } = self.slice(&subject, helpers, patches);
        trust.gives &= helper.trust.gives;
        trust.looks = nodes.iter().any(|node| node.all_reads().contains(&GLOBALS));
        trust.sees = nodes.iter().flat_map(Node::all_looks).collect();
        trust.calls = helpers.issues(scope, &nodes) && !helpers.doubles(&nodes);
        Some((nodes, trust))
    }

    /// The nodes of the slice, the variables that it is given, and what can be said of it.
    fn slice(
        &self,
        subject: &Subject<'a, '_>,
        helpers: &Helpers<'a>,
        patches: &Patches<'a>,
    ) -> Sliced<'a> {
        let Subject {
            facts,
            before,
            stretch,
            ..
        } = *subject;
        let mut all = Effects::default();
        stretch
            .iter()
            .for_each(|statement| all.include(facts.of(statement)));
        let mut outside: HashSet<&'a str> = bound_names(before);
        outside.extend(&facts.parameters);
        outside.extend(&facts.outer);
        let mut slicer = Slicer {
            program: &self.program,
            facts,
            patches,
            layout: self.layout,
            scope: subject.scope,
            unknown: Unknown::default(),
            dirty: HashSet::new(),
            outside,
            own_targets: Vec::new(),
            fallible: false,
            stopped: None,
            may_exit: false,
            blocked: false,
            gathering: None,
            helpers,
            giving: subject.giving,
            withheld: false,
            guessing: subject.guessing,
            handing: subject.handing,
        };
        let touched = slicer.touched(&all);
        let late = touched
            .iter()
            .copied()
            .filter(|part| slicer.outside.contains(part.name));
        let late: Vec<Part<'a>> = late.collect();
        slicer.unknown.extend(late.iter().copied());
        if touched.iter().any(|part| part.name == GLOBALS) {
            slicer.dirty.insert(GLOBALS);
        }
        let mut nodes = Vec::new();
        for statement in before {
            slicer.again(statement, &late, before, &mut nodes);
        }
        slicer.block(stretch, &mut nodes);
        let trust = Trust {
            gives: !slicer.withheld,
            fallible: slicer.fallible,
            ..Trust::BEST
        };
        let outside = slicer.outside;
        if let Some(handed) = subject.handing {
            turns::mark(&mut nodes, handed);
        }
        let (nodes, asking) = match subject.guessing {
            Some(_) => (likely::likely(nodes.clone(), subject.giving), nodes),
            None => (nodes, Vec::new()),
        };
        let nodes = prune::prune(nodes, subject.giving);
        let nodes = streams::stream(nodes, |name| outside.contains(name));
        let mut changes = Names::new();
        nodes
            .iter()
            .for_each(|node| changes.extend(node.all_changes()));
        let nodes = match subject.handing {
            Some(_) => nodes, // each call is handed over once, in its turn
            None => distribute::distribute(nodes, &Names::new(), &changes),
        };
        let parameters = threads::exposed(&nodes)
            .into_iter()
            .filter(|name| outside.contains(name) && all.binds.contains(name))
            .collect();
        Sliced {
            nodes,
            asking,
            parameters,
            trust,
        }
    }
}

/// The calls that nodes make or wait for.
fn calls_of<'n>(nodes: &'n [Node<'_>]) -> impl Iterator<Item = TextRange> + use<'n> {
    let mut calls = Vec::new();
    nodes.iter().for_each(|node| node.calls(&mut calls));
    calls
        .into_iter()
        .map(|call| call.range)
        .collect::<Vec<_>>()
        .into_iter()
}
