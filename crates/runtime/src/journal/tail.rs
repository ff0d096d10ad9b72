//! Who follows a task hears that there is more to read; what it is, they read themselves.

use std::collections::HashMap;
use std::sync::Mutex;

use dice_model::TaskId;
use tokio::sync::watch;

/// The newest sequence of each task that somebody follows.
#[derive(Debug, Default)]
pub(crate) struct Tails(Mutex<HashMap<TaskId, watch::Sender<u64>>>);

impl Tails {
    pub(crate) fn follow(&self, task: TaskId) -> watch::Receiver<u64> {
        let mut tails = self.lock();
        tails.retain(|_, tail| tail.receiver_count() > 0);
        tails
            .entry(task)
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe()
    }

    pub(crate) fn appended(&self, task: TaskId, sequence: u64) {
        let mut tails = self.lock();
        if let Some(tail) = tails.get(&task) {
            tail.send_replace(sequence);
            if tail.receiver_count() == 0 {
                tails.remove(&task);
            }
        }
    }

    /// Nothing more will be appended; who follows looks why.
    pub(crate) fn wake_all(&self) {
        self.lock()
            .values()
            .for_each(|tail| tail.send_modify(|_| {}));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TaskId, watch::Sender<u64>>> {
        self.0.lock().expect("nothing panics while it holds this")
    }
}
