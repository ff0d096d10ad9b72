//! Which functions follow which in a task: learned from earlier tasks, to load the next one ahead.

use crate::Scheduler;
use crate::function::FunctionIndex;
use dice_model::TaskId;

/// Tasks after which what was seen counts half, so that habits may change.
const MEMORY: u32 = 64;

/// Of one function.
#[derive(Debug, Default)]
pub(crate) struct Followers {
    /// Tasks that have called it.
    tasks: u32,
    /// In how many of them which function was called later for the first time.
    later: Vec<(FunctionIndex, u32)>,
}

impl Followers {
    fn called(&mut self) {
        self.tasks += 1;
        if self.tasks >= MEMORY {
            self.tasks /= 2;
            self.later.iter_mut().for_each(|(_, count)| *count /= 2);
        }
    }

    fn followed_by(&mut self, index: FunctionIndex) {
        match self.later.iter_mut().find(|(later, _)| *later == index) {
            Some((_, count)) => *count += 1,
            None => self.later.push((index, 1)),
        }
    }

    /// Called later in at least half of the tasks; one task is no habit.
    fn expected(&self) -> impl Iterator<Item = FunctionIndex> {
        let likely = move |count: u32| self.tasks >= 2 && count * 2 >= self.tasks;
        let later = self.later.iter().copied();
        later
            .filter(move |&(_, count)| likely(count))
            .map(|(index, _)| index)
    }
}

impl Scheduler {
    /// A task calls a function; if for the first time, there is something to learn and to expect.
    pub(crate) fn note_call(&mut self, task: TaskId, index: FunctionIndex) {
        let Some(caller) = self.tasks.get(task) else {
            return;
        };
        if !self.policy.warms() || caller.called.contains(&index) {
            return;
        }
        for &earlier in &caller.called {
            self.functions[earlier as usize]
                .followers
                .followed_by(index);
        }
        self.tasks.calls_first(task, index);
        let followers = &mut self.functions[index as usize].followers;
        // Those to come, before this task counts: it has not had the time to call them.
        self.expected.extend(followers.expected());
        followers.called();
    }
}
