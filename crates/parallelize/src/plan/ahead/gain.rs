//! Does a slice make any call sooner than the body would?

mod order;

use std::collections::{HashMap, HashSet};

use dice_program::ast::{Stmt, TextRange};

use super::node::{Call, Kind, Leave, Names, Node};
use crate::plan::FunctionPlan;
use order::Order;

/// A call of a slice in front of which the body waits for something that it does not need.
#[derive(Debug, Clone)]
pub(super) struct Gain<'a> {
    pub(super) call: TextRange,
    pub(super) function: &'a str,
    /// The calls that it needs in the slice.
    pub(super) needs: HashSet<TextRange>,
    /// Has another form moved it already?
    pub(super) claimed: bool,
}

impl<'a> FunctionPlan<'a, '_> {
    /// What the slice makes sooner, unless other forms have moved it already.
    pub(super) fn gains(
        &self,
        stretch: &'a [Stmt],
        nodes: &[Node<'a>],
    ) -> Vec<(TextRange, &'a str)> {
        let gains = self.all_gains(stretch, nodes).into_iter();
        gains
            .filter(|gain| !gain.claimed)
            .map(|gain| (gain.call, gain.function))
            .collect()
    }

    pub(super) fn all_gains(&self, stretch: &'a [Stmt], nodes: &[Node<'a>]) -> Vec<Gain<'a>> {
        let mut needs = Needs::default();
        needs.block(nodes, &HashSet::new());
        let mut order = Order::default();
        order.block(stretch);
        let mut gains: Vec<Gain<'a>> = Vec::new();
        for Needed {
            range: call,
            function,
            calls: needs,
            of_turn,
            of_item,
            once,
        } in needs.calls
        {
            let around = order.loops.get(&call).map_or(&[][..], Vec::as_slice);
            let ahead_of = |repeated: &TextRange| {
                let mut moved = self.moved.iter();
                moved.any(|(what, of)| of == repeated && what.contains_range(call))
            };
            let moved = !around.is_empty() && around.iter().all(ahead_of);
            // In a loop, it has come to the front of its turn only.
            let issued = around.is_empty() && self.claimed.contains(&call.start().to_usize());
            let waits = order.before.iter().filter(|(before, _)| *before == call);
            let waits = waits.take(if once { 1 } else { usize::MAX });
            let mut others = waits
                .flat_map(|(_, waits)| waits)
                .filter(|wait| !needs.iter().any(|one| wait.contains_range(*one)));
            let sooner = others.next().is_some();
            let turns_apart = around.last().is_some_and(|innermost| {
                let nested = around.len() > 1;
                nested && !ahead_of(innermost) && !of_turn.contains(&call)
            });
            let apart = turns_apart || of_item;
            if (sooner || apart) && !gains.iter().any(|gain| gain.call == call) {
                gains.push(Gain {
                    call,
                    function,
                    needs,
                    claimed: (moved || issued) && !apart,
                });
            }
        }
        gains.sort_by_key(|gain| gain.call.start());
        gains
    }
}

/// The calls that a call of the slice needs there: for its arguments, and for its tests.
struct Needed<'a> {
    range: TextRange,
    function: &'a str,
    calls: HashSet<TextRange>,
    /// Those that it needs in the first turn of the loops around its innermost: does a turn of that need
    /// the turn before?
    of_turn: HashSet<TextRange>,
    /// Does it need one item of a list of results, for all of which the body waits?
    of_item: bool,
    /// Is it in a loop that the slice leaves in its first turn?
    once: bool,
}

/// For each call of the slice, what it needs.
#[derive(Default)]
pub(super) struct Needs<'a> {
    calls: Vec<Needed<'a>>,
    /// The loops around the place being read, and whether this is their second turn.
    turns: Vec<bool>,
    /// Lists of calls, and variables that hold one of them: the others are not waited for.
    items: HashSet<&'a str>,
    /// How many loops along such lists are around.
    along: usize,
    /// How many loops are around that end in their first turn.
    once: usize,
    /// What the value of a name needs.
    names: HashMap<&'a str, HashSet<TextRange>>,
}

impl<'a> Needs<'a> {
    /// Of each call.
    pub(super) fn of_slice(nodes: &[Node<'a>]) -> HashMap<TextRange, HashSet<TextRange>> {
        let mut needs = Self::default();
        needs.block(nodes, &HashSet::new());
        let calls = needs.calls.into_iter();
        calls.map(|needed| (needed.range, needed.calls)).collect()
    }

    fn block(&mut self, nodes: &[Node<'a>], tests: &HashSet<TextRange>) -> HashSet<TextRange> {
        let mut tests = tests.clone();
        for node in nodes {
            let mut own = tests.clone();
            own.extend(self.of(&node.reads));
            own.extend(&node.waits);
            match &node.kind {
                Kind::Call(call) => {
                    self.note_call(call, &node.reads, &own);
                    own.insert(call.range);
                }
                Kind::Results(results) => {
                    self.note_call(&results.call, &node.reads, &own);
                    if results.streamed {
                        self.items.extend(&node.binds);
                    }
                }
                Kind::Settle(item) => {
                    self.items.insert(item);
                }
                Kind::For(_) | Kind::While(..) => {
                    let along = usize::from(self.needs_item(&node.reads));
                    let once = usize::from(ends_at_once(node));
                    self.along += along;
                    self.once += once;
                    for second in [false, true] {
                        self.turns.push(second);
                        let bound: Names<'a> = node.binds.clone();
                        bound.iter().for_each(|name| self.note(name, &own));
                        let inside = node
                            .blocks()
                            .into_iter()
                            .flat_map(|block| self.block(block, &own))
                            .collect::<HashSet<_>>();
                        let mut body = node.blocks().into_iter().flatten();
                        if body.any(|inner| inner.leaves() > Some(Leave::Continue)) {
                            own.extend(inside);
                        }
                        self.turns.pop();
                    }
                    self.along -= along;
                    self.once -= once;
                }
                _ => {
                    let mut inside = HashSet::new();
                    for block in node.blocks() {
                        inside.extend(self.block(block, &own));
                    }
                    if node.leaves().is_some() || matches!(&node.kind, Kind::Try(_)) {
                        own.extend(inside);
                    }
                    if node.leaves().is_some() {
                        tests.extend(&own);
                    }
                }
            }
            if node.leaves().is_some() {
                tests.extend(&own);
            }
            let bound: Names<'a> = &node.binds | &node.changes;
            bound.iter().for_each(|name| self.note(name, &own));
        }
        tests
    }

    fn needs_item(&self, names: &Names<'a>) -> bool {
        names.iter().any(|name| self.items.contains(name))
    }

    fn note_call(&mut self, call: &Call<'a>, reads: &Names<'a>, needed: &HashSet<TextRange>) {
        let (innermost, around) = self.turns.split_last().unwrap_or((&true, &[]));
        let first = *innermost && !around.contains(&true);
        let known = self
            .calls
            .iter()
            .position(|known| known.range == call.range);
        let mut of_turn = needed.clone();
        if let Some(known) = known.map(|known| self.calls.remove(known))
            && !first
        {
            of_turn = known.of_turn;
        }
        self.calls.push(Needed {
            range: call.range,
            function: call.function,
            calls: needed.clone(),
            of_turn,
            of_item: self.along > 0 || self.needs_item(reads),
            once: self.once > 0,
        });
    }

    fn of(&self, names: &Names<'a>) -> HashSet<TextRange> {
        names
            .iter()
            .filter_map(|name| self.names.get(name))
            .flatten()
            .copied()
            .collect()
    }

    fn note(&mut self, name: &'a str, needs: &HashSet<TextRange>) {
        self.names.entry(name).or_default().extend(needs);
    }
}

/// Does a loop have but one turn?
fn ends_at_once(node: &Node<'_>) -> bool {
    let last = match &node.kind {
        Kind::For(each) => each.body.last(),
        Kind::While(_, body) => body.last(),
        _ => None,
    };
    last.is_some_and(|last| match last.kind {
        Kind::Leave(leave) => leave != Leave::Continue,
        _ => matches!(last.kind, Kind::Give(_)),
    })
}
