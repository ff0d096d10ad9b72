//! Which calls of one task must wait for which: the order of effects (SEMANTICS H3, E4).

use std::collections::{BTreeMap, BTreeSet};

use dice_model::{CallRef, Effect};

use crate::event::keeps_order;

/// Of one task. Told of its calls in issue order and of their ends.
///
/// Calls that name no state may touch any, so they keep their order with calls of every state; the
/// epoch of a call counts the writes to its own state alone.
#[derive(Debug, Clone, Default)]
pub struct StateOrder {
    /// By state; `None` for calls that name none.
    states: BTreeMap<Option<String>, State>,
}

#[derive(Debug, Clone, Default)]
struct State {
    writes_issued: u32,
    reads: BTreeSet<CallRef>,
    writes: BTreeSet<CallRef>,
}

/// Where a call stands among the effects of its task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatePlace {
    /// For [`dice_model::CallKey::state_epoch`].
    pub epoch: u32,
    /// Calls that must end before this one is dispatched; ascending.
    pub after: Vec<CallRef>,
}

impl StateOrder {
    pub fn new() -> Self {
        Self::default()
    }

    /// The next call in issue order. `state` is the function's: `FunctionSpec::state`.
    pub fn issue(&mut self, call: CallRef, effect: Effect, state: Option<&str>) -> StatePlace {
        if matches!(effect, Effect::Pure | Effect::AssumedPure) {
            return StatePlace::default();
        }
        let after = self.before(effect, state);
        let own = self.states.entry(state.map(str::to_owned)).or_default();
        let epoch = own.writes_issued;
        if effect == Effect::Write {
            own.writes_issued += 1;
            own.writes.insert(call);
        } else {
            own.reads.insert(call);
        }
        StatePlace { epoch, after }
    }

    /// The call has an outcome, or was withdrawn before it was dispatched.
    pub fn ended(&mut self, call: CallRef) {
        for state in self.states.values_mut() {
            state.reads.remove(&call);
            state.writes.remove(&call);
        }
    }

    /// All of them, not only the latest: a withdrawn call in the middle must not break the chain.
    fn before(&self, effect: Effect, state: Option<&str>) -> Vec<CallRef> {
        let mut calls = Vec::new();
        for (name, earlier) in &self.states {
            let touches = state.is_none() || name.is_none() || name.as_deref() == state;
            if touches && keeps_order(Effect::Read, effect) {
                calls.extend(&earlier.reads);
            }
            if touches && keeps_order(Effect::Write, effect) {
                calls.extend(&earlier.writes);
            }
        }
        calls.sort_unstable();
        calls
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::TaskId;

    const R: Effect = Effect::Read;
    const W: Effect = Effect::Write;

    fn call(number: u32) -> CallRef {
        CallRef {
            task: TaskId(1),
            call: number,
        }
    }

    fn check(issued: &[(Effect, Option<&str>)], epoch: u32, after: &[u32]) {
        let mut order = StateOrder::new();
        let mut place = StatePlace::default();
        for (number, (effect, state)) in (0..).zip(issued) {
            place = order.issue(call(number), *effect, *state);
        }
        let after = after.iter().map(|&number| call(number)).collect();
        assert_eq!(place, StatePlace { epoch, after }, "{issued:?}");
    }

    #[test]
    fn writes_wait_for_all_and_reads_for_writes() {
        check(&[(R, None), (R, None)], 0, &[]);
        check(&[(R, None), (W, None)], 0, &[0]);
        check(&[(W, None), (R, None)], 1, &[0]);
        check(&[(W, None), (R, None), (W, None)], 1, &[0, 1]);
        check(&[(W, None), (Effect::Pure, None)], 0, &[]);
        check(&[(W, None), (Effect::AssumedPure, None)], 0, &[]);
    }

    #[test]
    fn different_states_pass_each_other_and_the_unnamed_one_touches_all() {
        check(&[(W, Some("a")), (W, Some("b"))], 0, &[]);
        check(&[(W, Some("a")), (R, Some("a"))], 1, &[0]);
        check(&[(W, Some("a")), (W, None)], 0, &[0]);
        check(&[(W, None), (R, Some("a"))], 0, &[0]);
    }

    #[test]
    fn what_has_ended_holds_nothing_up_but_still_counts() {
        let mut order = StateOrder::new();
        order.issue(call(0), W, None);
        order.issue(call(1), W, None);
        order.ended(call(1));
        let place = order.issue(call(2), R, None);
        assert_eq!(place.epoch, 2);
        assert_eq!(place.after, vec![call(0)]);
    }
}
