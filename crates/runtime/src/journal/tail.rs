//! Who follows a task hears what was added to its journal; who fell behind reads the journal itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use dice_model::TaskId;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use super::Entry;

/// Appends that a follower may be behind before it has to read.
const BEHIND: usize = 256;

/// Of each task that somebody follows.
#[derive(Debug, Default)]
pub(crate) struct Tails(Mutex<HashMap<TaskId, broadcast::Sender<Added>>>);

/// What became durable.
#[derive(Debug, Clone)]
enum Added {
    Entries {
        last: u64,
        entries: Arc<[Entry]>,
    },
    /// Something: the journal knows what.
    Something,
}

/// One follower's ear.
#[derive(Debug)]
pub(crate) struct Tail(broadcast::Receiver<Added>);

/// What a follower hears.
#[derive(Debug)]
pub(crate) enum News {
    /// With the sequence of the last of them.
    Entries(u64, Arc<[Entry]>),
    /// To be read in the journal.
    Unknown,
}

impl Tails {
    pub(crate) fn follow(&self, task: TaskId) -> Tail {
        let mut tails = self.lock();
        tails.retain(|_, tail| tail.receiver_count() > 0);
        let tail = tails
            .entry(task)
            .or_insert_with(|| broadcast::Sender::new(BEHIND));
        Tail(tail.subscribe())
    }

    /// A copy for followers, if there are any, made before the journal takes the entries.
    pub(crate) fn copy(&self, task: TaskId, entries: &[Entry]) -> Option<Arc<[Entry]>> {
        self.lock().contains_key(&task).then(|| entries.into())
    }

    /// `entries`: what [`Tails::copy`] gave. Who came in between reads the journal.
    pub(crate) fn appended(&self, task: TaskId, last: u64, entries: Option<Arc<[Entry]>>) {
        let mut tails = self.lock();
        if let Some(tail) = tails.get(&task) {
            let added =
                entries.map_or(Added::Something, |entries| Added::Entries { last, entries });
            if tail.send(added).is_err() {
                tails.remove(&task);
            }
        }
    }

    /// Nothing more will be appended; who follows looks why.
    pub(crate) fn wake_all(&self) {
        self.lock().values().for_each(|tail| {
            // Nobody may be following any more.
            let _ = tail.send(Added::Something);
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TaskId, broadcast::Sender<Added>>> {
        self.0.lock().expect("nothing panics while it holds this")
    }
}

impl Tail {
    /// `None`: the runtime is gone.
    pub(crate) async fn next(&mut self) -> Option<News> {
        match self.0.recv().await {
            Ok(Added::Entries { last, entries }) => Some(News::Entries(last, entries)),
            Ok(Added::Something) | Err(RecvError::Lagged(_)) => Some(News::Unknown),
            Err(RecvError::Closed) => None,
        }
    }

    /// Forgets what was heard so far: the journal, read after this, has all of it.
    pub(crate) fn clear(&mut self) {
        while !matches!(
            self.0.try_recv(),
            Err(TryRecvError::Empty | TryRecvError::Closed)
        ) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::Timestamp;

    const TASK: TaskId = TaskId(1);

    fn entry(number: u64) -> Entry {
        Entry::Started {
            at: Timestamp(number),
        }
    }

    fn append(tails: &Tails, last: u64) {
        let copy = tails.copy(TASK, &[entry(last)]);
        tails.appended(TASK, last, copy);
    }

    #[tokio::test]
    async fn who_follows_hears_what_was_added() {
        let tails = Tails::default();
        append(&tails, 1);
        let mut tail = tails.follow(TASK);
        append(&tails, 2);
        let Some(News::Entries(2, entries)) = tail.next().await else {
            panic!("the second entry is heard, the first is the journal's")
        };
        assert_eq!(*entries, [entry(2)]);
    }

    #[tokio::test]
    async fn who_comes_while_entries_are_written_reads_them() {
        let tails = Tails::default();
        let copy = tails.copy(TASK, &[entry(1)]);
        let mut tail = tails.follow(TASK);
        tails.appended(TASK, 1, copy);
        assert!(matches!(tail.next().await, Some(News::Unknown)));
    }

    #[tokio::test]
    async fn who_falls_behind_reads_the_journal() {
        let tails = Tails::default();
        let mut tail = tails.follow(TASK);
        (1..=2 * BEHIND as u64).for_each(|last| append(&tails, last));
        assert!(matches!(tail.next().await, Some(News::Unknown)));
        tail.clear();
        append(&tails, 1000);
        assert!(matches!(tail.next().await, Some(News::Entries(1000, _))));
    }
}
