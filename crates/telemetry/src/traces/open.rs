//! What has begun and has no end yet.

use std::collections::{BTreeMap, HashMap};

use dice_model::{CallRef, DeviceId, FunctionId, TaskId, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

#[derive(Debug, Default)]
pub(super) struct Open {
    tasks: HashMap<TaskId, OpenTask>,
    calls: BTreeMap<CallRef, OpenCall>,
    /// When leases ended that left these calls without an outcome. Their entries may come later.
    lost: BTreeMap<CallRef, Timestamp>,
    /// The last load of each function on each device.
    loads: HashMap<(FunctionId, DeviceId), Span>,
}

#[derive(Debug)]
pub(super) struct OpenTask {
    pub(super) accepted: Timestamp,
    pub(super) program: String,
    pub(super) pool: String,
}

#[derive(Debug)]
pub(super) struct OpenCall {
    pub(super) function: FunctionId,
    pub(super) issued: Timestamp,
    granted: bool,
}

impl OpenCall {
    pub(super) const fn new(function: FunctionId, issued: Timestamp) -> Self {
        Self {
            function,
            issued,
            granted: false,
        }
    }
}

impl Open {
    pub(super) fn accepted(&mut self, task: TaskId, open: OpenTask) {
        self.tasks.insert(task, open);
    }

    pub(super) fn issued(&mut self, call: CallRef, open: OpenCall) {
        self.calls.insert(call, open);
    }

    pub(super) fn loaded(&mut self, function: &FunctionId, device: &DeviceId, load: Span) {
        self.loads.insert((function.clone(), device.clone()), load);
    }

    pub(super) fn lost(&mut self, call: CallRef, at: Timestamp) {
        self.lost.insert(call, at);
    }

    /// How long the call has waited for this grant, and the load that it waited for, if it did.
    pub(super) fn granted(
        &mut self,
        call: CallRef,
        device: &DeviceId,
        at: Timestamp,
    ) -> Option<(FunctionId, Span, Option<Span>)> {
        let open = self.calls.get_mut(&call)?;
        let is_again = std::mem::replace(&mut open.granted, true);
        let lost = self.lost.get(&call).filter(|lost| is_again && **lost <= at);
        let from = lost.copied().unwrap_or(open.issued);
        let function = open.function.clone();
        let load = self.loads.get(&(function.clone(), device.clone()));
        let load = load.filter(|load| load.to > from && load.from < at);
        let load = load.map(|load| Span {
            from: load.from.max(from),
            to: load.to.min(at),
        });
        Some((function, Span { from, to: at }, load))
    }

    pub(super) fn call_ended(&mut self, call: CallRef) -> Option<OpenCall> {
        self.lost.remove(&call);
        self.calls.remove(&call)
    }

    /// With its calls that have not ended.
    pub(super) fn task_ended(
        &mut self,
        task: TaskId,
    ) -> (Option<OpenTask>, Vec<(CallRef, OpenCall)>) {
        let is_own = |call: &CallRef| call.task == task;
        self.lost.retain(|call, _| !is_own(call));
        let calls = self.calls.extract_if(.., |call, _| is_own(call));
        let calls = calls.collect();
        (self.tasks.remove(&task), calls)
    }
}
