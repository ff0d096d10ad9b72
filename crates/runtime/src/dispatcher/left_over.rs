//! What workers of an earlier engine bring or still execute, while its tasks are being resumed (J1).

use std::collections::HashMap;

use dice_model::{CallRef, LeaseId, TaskId, WorkerId};
use tokio::sync::mpsc;

use super::{CallNews, Dispatcher};

#[derive(Debug, Default)]
pub(super) struct LeftOver {
    under_way: HashMap<LeaseId, WorkerId>,
    /// Results of tasks that are not back yet.
    early: Vec<(CallRef, CallNews)>,
    resumed: bool,
}

impl LeftOver {
    /// Says whether the result is kept until its task is back.
    pub(super) fn keep(&mut self, call: CallRef, news: CallNews) -> bool {
        if !self.resumed {
            self.early.push((call, news));
        }
        !self.resumed
    }

    /// A task is back. A mailbox that is closed already belongs to one that has ended.
    pub(super) fn tell(&mut self, task: TaskId, news: &mpsc::UnboundedSender<CallNews>) {
        for &lease in self.under_way.keys() {
            let _ = news.send(CallNews::UnderWay { lease });
        }
        for (_, early) in self.early.extract_if(.., |(call, _)| call.task == task) {
            let _ = news.send(early);
        }
    }

    /// All tasks are back: the rest of the results belongs to tasks that have ended.
    pub(super) fn resumed(&mut self) -> Vec<CallRef> {
        self.resumed = true;
        self.early.drain(..).map(|(call, _)| call).collect()
    }
}

impl Dispatcher {
    pub(super) fn left_over_arrived(&mut self, worker: WorkerId, running: &[LeaseId]) {
        for &lease in running {
            self.left_over.under_way.insert(lease, worker);
            self.tell_all(&CallNews::UnderWay { lease });
        }
    }

    pub(super) fn left_over_gone(&mut self, worker: WorkerId) {
        let under_way = &mut self.left_over.under_way;
        let gone: Vec<LeaseId> = under_way
            .extract_if(|_, by| *by == worker)
            .map(|(lease, _)| lease)
            .collect();
        for lease in gone {
            self.tell_all(&CallNews::Gone { lease });
        }
    }

    fn tell_all(&self, news: &CallNews) {
        for place in self.tasks.values() {
            // A task that is just ending does not listen any more.
            let _ = place.news.send(news.clone());
        }
    }
}
