//! A task's pure calls and the results of equal calls of other tasks (RUNTIME M2).

use dice_model::{CallRef, Usage, Value};

use super::call::Open;
use super::driver::Driver;
use super::outcomes::Ended;
use crate::memo::MemoKey;

impl Driver {
    /// A call that was not made in any run gets what is remembered of an equal one, at no cost. Says whether
    /// there was something.
    pub(super) fn recall(&mut self, call: u32) -> bool {
        let Some((value, of)) = self.remembered(call) else {
            return false;
        };
        let Some(open) = self.open.remove(&call) else {
            return false;
        };
        let at = self.now();
        // Before the entry: durable no later than that (M2).
        self.shared.journal.record_usage(Usage::Reused {
            pool: self.record.spec.pool.clone(),
            function: open.entry.spec.id.clone(),
            call: self.call_ref(call),
            of,
            at,
        });
        let ended = Ended {
            execution: None,
            reused: Some(of),
            at,
        };
        self.conclude(call, open, Ok(value), ended);
        true
    }

    fn remembered(&self, call: u32) -> Option<(Value, CallRef)> {
        let memo = self.shared.memo.as_ref()?;
        let open = self.open.get(&call)?;
        let key = self.memo_key(open)?;
        // What a worker has begun in an earlier run may still come, and has its own line on the bill.
        let is_new = open.attempts == 0;
        is_new.then(|| memo.get(&key, self.now())).flatten()
    }

    /// A worker of the version that the task has pinned gave this.
    pub(super) fn remember(&self, call: u32, open: &Open, value: &Value) {
        let (Some(memo), Some(key)) = (&self.shared.memo, self.memo_key(open)) else {
            return;
        };
        if self.shared.offers.has(&open.entry) {
            memo.keep(key, value, self.call_ref(call), self.now());
        }
    }

    /// `None`: its results are not for others.
    fn memo_key(&self, open: &Open) -> Option<MemoKey> {
        let spec = &self.record.spec;
        (spec.memo && self.shares(&open.entry)).then(|| MemoKey {
            tenant: spec.tenant.clone(),
            call: open.shared_as,
        })
    }
}
