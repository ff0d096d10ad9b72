//! Where calls that are over are written down, as many at a time as have come, and answered.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Over;
use crate::dispatcher::{Command, Pool};
use crate::journal::Journal;

/// Written down together; a commit of more would keep the first of them waiting.
const MOST: usize = 512;

/// Holds no more than what is being called: [`crate::Options::most_single_calls`].
#[derive(Debug, Clone)]
pub(crate) struct Desk(mpsc::UnboundedSender<Over>);

impl Desk {
    /// Works until nobody can bring anything any more. `pool`: whose workers may forget the results.
    pub(crate) fn open(journal: Arc<dyn Journal>, pool: Pool) -> Self {
        let (desk, over) = mpsc::unbounded_channel();
        tokio::spawn(work(over, journal, pool));
        Self(desk)
    }

    pub(crate) fn take(&self, over: Over) {
        // A desk that is gone drops it, and whoever asked is told that the engine is stopping.
        let _ = self.0.send(over);
    }
}

async fn work(mut waiting: mpsc::UnboundedReceiver<Over>, journal: Arc<dyn Journal>, pool: Pool) {
    let mut over = Vec::with_capacity(MOST);
    while waiting.recv_many(&mut over, MOST).await > 0 {
        let calls = over.iter().map(|over| over.call).collect();
        let (tasks, answers): (Vec<_>, Vec<_>) = over.drain(..).map(Over::record).unzip();
        let recorded = journal.record(&tasks).await;
        for (task, answer) in tasks.into_iter().zip(answers) {
            let outcome = recorded.clone().map(|()| task.into_outcome());
            // Whoever asked may have gone.
            let _ = outcome.transpose().map(|outcome| answer.send(outcome));
        }
        if recorded.is_ok() {
            pool.send(Command::Durable { calls }).await;
        }
    }
}
