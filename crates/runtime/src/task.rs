//! One execution of a program: an actor that stands between it and everything else.

mod call;
mod calls;
mod driver;
mod ending;
mod external;
mod guesses;
mod history;
mod memory;
mod outcomes;
mod output;
mod program;
mod recorder;
mod run;
mod starting;

use std::sync::Arc;

use tokio::sync::mpsc;

pub(crate) use driver::Driver;
pub(crate) use external::external_program;

use crate::blobs::Blobs;
use crate::journal::{Journal, JournalError, Tails};
use crate::memo::Memo;
use crate::offer::Offers;
use crate::{Clock, Programs, Worth};

/// What all tasks share.
pub(crate) struct Shared {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) tails: Tails,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Clock,
    pub(crate) memo: Option<Memo>,
    pub(crate) programs: Arc<dyn Programs>,
    pub(crate) offers: Offers,
    pub(crate) calls_in_flight: usize,
    pub(crate) worth: Option<Worth>,
    /// How long results of workers that outlived an engine are waited for (J1).
    pub(crate) reunion: std::time::Duration,
    pub(crate) failure: std::sync::OnceLock<JournalError>,
}

impl Shared {
    /// A task could not go on, because the journal failed. From now on everybody is told so: what is
    /// durable goes on when the engine is started again, and the disk has room.
    pub(crate) fn fail(&self, error: JournalError) {
        // The first failure says most.
        let _ = self.failure.set(error);
        self.tails.wake_all();
    }

    pub(crate) fn working(&self) -> Result<(), JournalError> {
        self.failure
            .get()
            .map_or(Ok(()), |error| Err(error.clone()))
    }
}

/// From outside, and not to be refused (RUNTIME J7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// From outside (RUNTIME J7).
    End(dice_model::TaskEnd),
    /// Stop for now; the task goes on when the runtime is started again.
    Pause,
}

/// A task's address.
#[derive(Debug, Clone)]
pub(crate) struct Mailbox {
    pub(crate) pool: dice_model::PoolName,
    pub(crate) orders: mpsc::Sender<Order>,
}

impl Mailbox {
    /// The task's actor is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.orders.is_closed()
    }
}
