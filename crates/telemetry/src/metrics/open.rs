//! Calls and tasks that have not ended: whose they are, and since when they wait.

use std::collections::{BTreeMap, HashMap};

use dice_model::{CallRef, FunctionId, TaskId, Timestamp};

use super::histograms::seconds;

#[derive(Debug, Default)]
pub(super) struct OpenCalls {
    calls: BTreeMap<CallRef, OpenCall>,
    tasks: HashMap<TaskId, Timestamp>,
}

#[derive(Debug)]
struct OpenCall {
    function: FunctionId,
    /// `None`: before this engine.
    issued: Option<Timestamp>,
    granted: bool,
}

impl OpenCalls {
    pub(super) fn accepted(&mut self, task: TaskId, at: Timestamp) {
        self.tasks.insert(task, at);
    }

    pub(super) fn issued(&mut self, task: TaskId, call: u32, function: FunctionId, at: Timestamp) {
        let open = OpenCall {
            function,
            issued: Some(at),
            granted: false,
        };
        self.calls.insert(CallRef { task, call }, open);
    }

    /// The call's function, and at the first grant the seconds it has waited.
    pub(super) fn granted(
        &mut self,
        task: TaskId,
        call: u32,
        at: Timestamp,
    ) -> Option<(FunctionId, Option<f64>)> {
        let open = self.calls.get_mut(&CallRef { task, call })?;
        let first = !std::mem::replace(&mut open.granted, true);
        let issued = open.issued.filter(|_| first);
        let waited = issued.map(|issued| seconds(issued, at));
        Some((open.function.clone(), waited))
    }

    /// Calls that an earlier engine issued are known by their lease alone, which ends before they do.
    pub(super) fn executed(&mut self, calls: &[CallRef], function: &FunctionId) {
        for &call in calls {
            self.calls.entry(call).or_insert_with(|| OpenCall {
                function: function.clone(),
                issued: None,
                granted: true,
            });
        }
    }

    pub(super) fn function(&self, task: TaskId, call: u32) -> Option<FunctionId> {
        let open = self.calls.get(&CallRef { task, call });
        open.map(|open| open.function.clone())
    }

    pub(super) fn ended(&mut self, task: TaskId, call: u32) -> Option<FunctionId> {
        let open = self.calls.remove(&CallRef { task, call });
        open.map(|open| open.function)
    }

    /// When it was accepted, and the functions of its calls that had not ended.
    pub(super) fn task_ended(&mut self, task: TaskId) -> (Option<Timestamp>, Vec<FunctionId>) {
        let first = CallRef { task, call: 0 };
        let last = CallRef {
            task,
            call: u32::MAX,
        };
        let own: Vec<CallRef> = self.calls.range(first..=last).map(|(&it, _)| it).collect();
        let unfinished = own.iter().filter_map(|call| self.calls.remove(call));
        let unfinished = unfinished.map(|open| open.function).collect();
        (self.tasks.remove(&task), unfinished)
    }

    /// Of each function with calls that wait for their first grant: the issue of the oldest.
    pub(super) fn waiting_since(&self) -> BTreeMap<FunctionId, Timestamp> {
        let mut oldest: BTreeMap<FunctionId, Timestamp> = BTreeMap::new();
        for open in self.calls.values().filter(|open| !open.granted) {
            let Some(issued) = open.issued else { continue };
            let since = oldest.entry(open.function.clone()).or_insert(issued);
            *since = (*since).min(issued);
        }
        oldest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: TaskId = TaskId(7);

    fn at(seconds: u64) -> Timestamp {
        Timestamp(seconds * 1_000_000_000)
    }

    #[test]
    fn only_the_first_grant_ends_the_wait() {
        let mut open = OpenCalls::default();
        let glip = FunctionId::new("glip");
        open.issued(TASK, 0, glip.clone(), at(1));
        assert_eq!(open.waiting_since()[&glip], at(1));
        assert_eq!(
            open.granted(TASK, 0, at(3)),
            Some((glip.clone(), Some(2.0)))
        );
        assert_eq!(open.granted(TASK, 0, at(9)), Some((glip.clone(), None)));
        assert!(open.waiting_since().is_empty());
        assert_eq!(open.ended(TASK, 0), Some(glip));
        assert_eq!(open.granted(TASK, 0, at(9)), None);
    }

    #[test]
    fn an_ended_task_leaves_nothing() {
        let mut open = OpenCalls::default();
        open.accepted(TASK, at(1));
        open.issued(TASK, 0, FunctionId::new("glip"), at(1));
        open.issued(TaskId(8), 0, FunctionId::new("blip"), at(1));
        let (accepted, unfinished) = open.task_ended(TASK);
        assert_eq!(accepted, Some(at(1)));
        assert_eq!(unfinished, [FunctionId::new("glip")]);
        assert_eq!(open.calls.len(), 1, "another task's call stays");
    }

    #[test]
    fn a_resumed_call_is_known_by_its_lease() {
        let mut open = OpenCalls::default();
        let call = CallRef {
            task: TASK,
            call: 4,
        };
        open.executed(&[call], &FunctionId::new("ocr"));
        assert_eq!(open.ended(TASK, 4), Some(FunctionId::new("ocr")));
    }
}
