//! What a call of a function of the program may do, in terms of its arguments and the variables around.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use dice_program::ast::Parameters;

use super::GLOBALS;
use super::constants::is_literal;
use super::function::{FunctionFacts, RESULT};
use crate::functions::State;

/// Something that a caller can see of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place<'a> {
    Parameter(usize),
    /// Where an attribute of a parameter is, and all that is inside.
    Attribute(usize, &'a str),
    /// What an attribute of a parameter holds.
    Held(usize, &'a str),
    /// A variable of a function around.
    Outer(&'a str),
    Globals,
    Result,
}

/// A place that shares something with others: its own object, or only what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sharing<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) itself: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary<'a> {
    /// Why a call must stay where it is, if it must.
    pub(crate) in_place: Option<String>,
    pub(crate) rule: &'static str,
    /// A generator that only computes, and changes nothing.
    pub(crate) hands_out: bool,
    /// Changes something that outlives it.
    pub(crate) mutates: bool,
    pub(crate) touches_globals: bool,
    pub(crate) exits: bool,
    /// Of the classes of what it raises; `None`: any.
    pub(crate) raised: BTreeSet<Option<&'a str>>,
    pub(crate) opaque: bool,
    pub(crate) awaits: bool,
    pub(crate) read_states: BTreeSet<State>,
    pub(crate) written_states: BTreeSet<State>,
    /// What it changes in place.
    pub(crate) changes: BTreeSet<Place<'a>>,
    /// Variables around that it reads.
    pub(crate) outer_reads: BTreeSet<&'a str>,
    /// Variables around that it binds anew.
    pub(crate) outer_binds: BTreeSet<&'a str>,
    /// Places that hold one and the same object once it has run.
    pub(crate) same: Vec<Vec<Place<'a>>>,
    /// Places that share something once it has run.
    pub(crate) shares: Vec<Vec<Sharing<'a>>>,
}

impl<'a> Summary<'a> {
    /// Of what nothing is known.
    pub(crate) fn worst(parameters: usize) -> Self {
        let mut places: Vec<Place<'a>> = (0..parameters).map(Place::Parameter).collect();
        places.extend([Place::Globals, Place::Result]);
        Self {
            in_place: Some("is recursive in a way that is not understood".to_owned()),
            rule: "A3",
            mutates: true,
            touches_globals: true,
            exits: true,
            raised: BTreeSet::from([None]),
            opaque: true,
            awaits: true,
            changes: places.iter().copied().collect(),
            shares: vec![
                places
                    .into_iter()
                    .map(|place| Sharing {
                        place,
                        itself: true,
                    })
                    .collect(),
            ],
            ..Self::default()
        }
    }

    /// The summary of a function whose body was analysed with its parameters taken to be apart.
    pub(crate) fn of(facts: &FunctionFacts<'a>, parameters: &Parameters) -> Self {
        let whole = &facts.whole;
        let places = places(facts);
        let changes = changes(facts);
        let mut in_place = whole.in_place.as_ref().map(|reason| reason.why.clone());
        if changes_a_default(parameters, &changes) {
            in_place.get_or_insert_with(|| "keeps what it did in a default argument".to_owned());
        }
        let hands_out = whole.yields && in_place.is_none() && !whole.opaque;
        if whole.yields {
            in_place.get_or_insert_with(|| "is a generator".to_owned());
        }
        let outer = |names: &BTreeSet<&'a str>| -> BTreeSet<&'a str> {
            let names = names.iter().copied();
            names.filter(|name| facts.outer.contains(name)).collect()
        };
        Self {
            in_place,
            hands_out: hands_out && whole.changes_nothing(),
            rule: match &whole.in_place {
                Some(reason) => reason.rule,
                None if whole.yields => "A6",
                None => "A3",
            },
            mutates: !changes.is_empty() || !whole.outer_binds.is_empty(),
            touches_globals: whole.reads.contains(GLOBALS) || changes.contains(&Place::Globals),
            exits: whole.raises,
            raised: whole.raised.clone(),
            opaque: whole.opaque || whole.yields, // somebody else decides when it goes on
            awaits: whole.awaits,
            read_states: whole.read_states.clone(),
            written_states: whole.written_states.clone(),
            changes,
            outer_reads: outer(&whole.reads),
            outer_binds: whole.outer_binds.clone(),
            same: same(&places),
            shares: groups(&places),
        }
    }

    /// Makes no calls, and waits for nothing.
    pub(crate) fn is_idle(&self) -> bool {
        !self.awaits && self.read_states.is_empty() && self.written_states.is_empty()
    }

    /// Computes from its arguments and nothing else, and gives something new (or unchanging).
    pub(crate) fn is_harmless(&self) -> bool {
        self.in_place.is_none()
            && !self.exits
            && !self.opaque
            && !self.awaits
            && !self.mutates
            && !self.touches_globals
            && self.outer_reads.is_empty()
            && self.read_states.is_empty()
            && self.written_states.is_empty()
    }
}

/// A place, and what can be reached from there, its own object first.
type Reach<'a> = (Place<'a>, Vec<usize>);

fn places<'a>(facts: &FunctionFacts<'a>) -> Vec<Reach<'a>> {
    let heap = &facts.heap;
    let mut places: Vec<Reach<'a>> = Vec::new();
    for (at, name) in facts.parameters.iter().enumerate() {
        let Some(node) = heap.known_name(name) else {
            continue;
        };
        let apart = heap.places(node).map(|(field, place)| {
            let held = heap.known_inside(place).map(|held| heap.reach(held));
            (Place::Held(at, field), held.unwrap_or_default())
        });
        places.extend(apart);
        let reach = match heap.is_one(node) {
            true => heap.reach(node),
            false => vec![heap.same(node)],
        };
        places.push((Place::Parameter(at), reach));
    }
    for name in &facts.outer {
        places.push((Place::Outer(name), heap.reach_of_name(name)));
    }
    places.push((Place::Globals, heap.reach_of_name(GLOBALS)));
    places.push((Place::Result, heap.reach_of_name(RESULT)));
    places.retain(|(_, reach)| !reach.is_empty());
    places
}

/// What a call changes in place, as far down as attributes.
fn changes<'a>(facts: &FunctionFacts<'a>) -> BTreeSet<Place<'a>> {
    let heap = &facts.heap;
    let changed: HashSet<usize> = facts.changed(&facts.whole);
    let meets = |reach: &[usize]| reach.iter().any(|node| changed.contains(node));
    let mut changes = BTreeSet::new();
    for (at, name) in facts.parameters.iter().enumerate() {
        let Some(node) = heap.known_name(name) else {
            continue;
        };
        if changed.contains(&heap.same(node)) || heap.is_one(node) && meets(&heap.reach(node)) {
            changes.insert(Place::Parameter(at));
        }
        let apart = heap.places(node);
        let apart = apart.filter(|(_, place)| meets(&heap.reach(*place)));
        changes.extend(apart.map(|(field, _)| Place::Attribute(at, field)));
    }
    let outer = facts.outer.iter().map(|name| (Place::Outer(name), *name));
    let around = outer.chain([(Place::Globals, GLOBALS)]);
    let around = around.filter(|(_, name)| meets(&heap.reach_of_name(name)));
    changes.extend(around.map(|(place, _)| place));
    changes
}

/// Places whose own object is the same.
fn same<'a>(places: &[Reach<'a>]) -> Vec<Vec<Place<'a>>> {
    let mut by_object: BTreeMap<usize, Vec<Place<'a>>> = BTreeMap::new();
    for (place, reach) in places {
        by_object.entry(reach[0]).or_default().push(*place);
    }
    by_object.retain(|_, places| places.len() > 1);
    by_object.into_values().collect()
}

/// Places from which one and the same object can be reached; those alone are left out, and of those whose
/// own object is the same all but one.
fn groups<'a>(places: &[Reach<'a>]) -> Vec<Vec<Sharing<'a>>> {
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    let mut groups: Vec<Vec<Sharing<'a>>> = Vec::new();
    let mut own: HashSet<usize> = HashSet::new();
    let apart = places.iter().filter(|(_, reach)| own.insert(reach[0]));
    let apart: Vec<&Reach<'a>> = apart.collect();
    let mut times: HashMap<usize, usize> = HashMap::new();
    for node in apart.iter().flat_map(|(_, reach)| reach) {
        *times.entry(*node).or_default() += 1;
    }
    for (place, reach) in apart {
        let mut met: Vec<usize> = reach
            .iter()
            .filter_map(|node| group_of.get(node).copied())
            .collect();
        met.sort_unstable();
        met.dedup();
        let at = met.first().copied().unwrap_or(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        for other in met.into_iter().skip(1) {
            let moved = std::mem::take(&mut groups[other]);
            groups[at].extend(moved);
            group_of
                .values_mut()
                .filter(|group| **group == other)
                .for_each(|group| *group = at);
        }
        groups[at].push(Sharing {
            place: *place,
            itself: times[&reach[0]] > 1,
        });
        reach.iter().for_each(|node| {
            group_of.insert(*node, at);
        });
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// A default that is an object lives on from call to call.
fn changes_a_default(parameters: &Parameters, changes: &BTreeSet<Place<'_>>) -> bool {
    parameters.iter().enumerate().any(|(at, parameter)| {
        let shared = parameter.default().is_some_and(|value| !is_literal(value));
        let changed = |place: &Place<'_>| match place {
            Place::Parameter(other) | Place::Attribute(other, _) => *other == at,
            _ => false,
        };
        shared && changes.iter().any(changed)
    })
}
