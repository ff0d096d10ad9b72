//! Tasks whose programs run: how far each one is.

use std::time::Duration;

use dice_model::{CallRef, TaskId, Timestamp};
use rustc_hash::FxHashMap;

use crate::scenario::Scenario;
use crate::work::{Order, Task, Tasks};

#[derive(Debug)]
pub(crate) struct OpenTasks {
    tasks: Tasks,
    open: FxHashMap<TaskId, Open>,
    longest_path: Duration,
}

#[derive(Debug)]
struct Open {
    task: Task,
    since: Timestamp,
    /// Calls without an end.
    left: usize,
    progress: Progress,
}

#[derive(Debug)]
enum Progress {
    /// The stage to come, calls issued so far, and those of them without an end.
    Stages {
        next: usize,
        issued: u32,
        waiting: u32,
    },
    /// For each call, how many that it waits for have no end.
    Recorded(Vec<u32>),
}

/// What a program does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Then {
    Waits,
    /// These calls, all alike, after its own time.
    Calls(Duration, std::ops::Range<u32>),
    /// Each of these calls, after its own time.
    CallsEach(Vec<(Duration, u32)>),
    /// After its own time; it was live since then.
    Ends(Duration, Timestamp),
}

impl OpenTasks {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            tasks: Tasks::new(scenario),
            open: FxHashMap::default(),
            longest_path: Duration::ZERO,
        }
    }

    /// The longest that a task so far would have taken if it had never waited.
    pub(crate) const fn longest_path(&self) -> Duration {
        self.longest_path
    }

    pub(crate) fn start(&mut self, id: TaskId, now: Timestamp) -> Then {
        let task = self.tasks.task(id.0);
        let path = self.tasks.shortest_time(&task);
        self.longest_path = self.longest_path.max(path);
        let progress = match &task.order {
            Order::Stages(_) => Progress::Stages {
                next: 0,
                issued: 0,
                waiting: 0,
            },
            Order::Recorded(waits) => {
                let counts = waits.iter().map(|call| call.after.len() as u32);
                Progress::Recorded(counts.collect())
            }
        };
        let open = Open {
            left: task.calls.len(),
            task,
            since: now,
            progress,
        };
        let open = self.open.entry(id).insert_entry(open).into_mut();
        match &open.task.order {
            Order::Stages(_) => open.next_stage(open.task.program),
            Order::Recorded(waits) => {
                let first = (0..).zip(waits).filter(|(_, call)| call.after.is_empty());
                Then::CallsEach(first.map(|(call, waits)| (waits.program, call)).collect())
            }
        }
    }

    /// The function of a call, as a place in the scenario.
    pub(crate) fn function(&self, call: CallRef) -> u32 {
        self.open[&call.task].task.calls[call.call as usize]
    }

    /// How many times as long as the profile says these calls take, added up.
    pub(crate) fn factors(&self, calls: &[(CallRef, u32)]) -> f64 {
        let factors = calls
            .iter()
            .map(|(call, _)| self.open[&call.task].task.factor(call.call));
        factors.sum()
    }

    pub(crate) fn call_ended(&mut self, call: CallRef) -> Then {
        let open = self.open.get_mut(&call.task).expect("it runs");
        open.left -= 1;
        let then = open.after(call.call);
        if open.left > 0 {
            return then;
        }
        let open = self.open.remove(&call.task).expect("seen above");
        let rest = match open.task.order {
            Order::Stages(_) => Duration::ZERO,
            Order::Recorded(_) => open.task.program,
        };
        Then::Ends(rest, open.since)
    }
}

impl Open {
    fn next_stage(&mut self, program: Duration) -> Then {
        let (
            Order::Stages(stages),
            Progress::Stages {
                next,
                issued,
                waiting,
            },
        ) = (&self.task.order, &mut self.progress)
        else {
            return Then::Waits;
        };
        let Some(&calls) = stages.get(*next) else {
            return Then::Waits;
        };
        let first = *issued;
        *next += 1;
        *issued += calls;
        *waiting = calls;
        Then::Calls(program, first..*issued)
    }

    /// A call of it has ended, not the last one.
    fn after(&mut self, call: u32) -> Then {
        match (&self.task.order, &mut self.progress) {
            (_, Progress::Stages { waiting, .. }) => {
                *waiting -= 1;
                if *waiting > 0 {
                    return Then::Waits;
                }
                self.next_stage(Duration::ZERO)
            }
            (Order::Recorded(waits), Progress::Recorded(left)) => {
                let mut ready = Vec::new();
                for (number, waits) in (0..).zip(waits) {
                    if waits.after.contains(&call) {
                        let left = &mut left[number as usize];
                        *left -= 1;
                        if *left == 0 {
                            ready.push((waits.program, number));
                        }
                    }
                }
                Then::CallsEach(ready)
            }
            (Order::Stages(_), Progress::Recorded(_)) => Then::Waits,
        }
    }
}
