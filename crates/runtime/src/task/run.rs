//! What belongs to one run of a task's program, and begins anew with the next one.

use std::collections::{HashMap, VecDeque};

use dice_model::{Digest, TaskId, Value};
use dice_scheduler::StateOrder;
use dice_wire::ToClient;

use super::history::History;
use super::output::Output;
use crate::journal::{Journal, JournalError};

pub(super) struct Run {
    /// What the runs before have left.
    pub(super) history: History,
    pub(super) stdout: Output,
    pub(super) stderr: Output,
    /// For the program.
    pub(super) outbox: VecDeque<ToClient>,
    /// The program's numbers of its calls, to ours.
    pub(super) numbers: HashMap<u32, u32>,
    pub(super) order: StateOrder,
    pub(super) occurrences: HashMap<Digest, u32>,
    /// The call whose result equal ones share, and the results (E5).
    pub(super) leaders: HashMap<Digest, u32>,
    pub(super) results: HashMap<u32, Value>,
    /// Calls with bad arguments whose journalled outcome waits for its turn, by number.
    pub(super) refused: HashMap<u32, u32>,
}

impl Run {
    /// The next one, after all that the journal has of the task.
    pub(super) async fn after(journal: &dyn Journal, task: TaskId) -> Result<Self, JournalError> {
        let entries = journal.entries(task, 0, usize::MAX).await?;
        let entries = entries.into_iter().map(|(_, entry)| entry).collect();
        let mut history = History::of(entries);
        Ok(Self {
            stdout: Output::after(std::mem::take(&mut history.stdout)),
            stderr: Output::after(std::mem::take(&mut history.stderr)),
            history,
            outbox: VecDeque::new(),
            numbers: HashMap::new(),
            order: StateOrder::new(),
            occurrences: HashMap::new(),
            leaders: HashMap::new(),
            results: HashMap::new(),
            refused: HashMap::new(),
        })
    }
}
