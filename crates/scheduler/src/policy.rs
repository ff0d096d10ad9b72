//! What may differ between schedulers: the order of a queue, the size of a batch, when to swap models.

mod dice;
mod fifo;

use std::time::Duration;

use dice_model::Timestamp;

pub(crate) use dice::Dice;
pub(crate) use fifo::Fifo;

/// Chooses the policy, by the name that the command line uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PolicyName {
    /// The paper's: calls in the order in which they came, one to a lease.
    Fifo,
    /// Tasks that are nearly through first, with ageing and deadlines; batches across tasks, models swapped
    /// only when it pays.
    #[default]
    Dice,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown policy {0:?} (known: dice, fifo)")]
pub struct UnknownPolicy(String);

impl std::str::FromStr for PolicyName {
    type Err = UnknownPolicy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "fifo" => Ok(Self::Fifo),
            "dice" => Ok(Self::Dice),
            other => Err(UnknownPolicy(other.to_owned())),
        }
    }
}

impl std::fmt::Display for PolicyName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fifo => "fifo",
            Self::Dice => "dice",
        })
    }
}

impl PolicyName {
    pub(crate) fn policy(self, patience: Duration) -> Box<dyn Policy> {
        match self {
            Self::Fifo => Box::new(Fifo),
            Self::Dice => Box::new(Dice { patience }),
        }
    }
}

/// A call's place among those of its tenant: the smallest goes first, of equals the older task's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Priority(pub(crate) u64, pub(crate) u64);

impl Priority {
    /// Behind all that are no guesses (SEMANTICS E3), whose first number is a time: far below 2⁶³.
    pub(crate) const fn of_a_guess(self) -> Self {
        Self(self.0.saturating_add(1 << 63), self.1)
    }
}

/// Asked by the scheduler; answers depend on the arguments alone, so that a run can be repeated.
pub(crate) trait Policy: std::fmt::Debug + Send {
    fn priority(&self, arrival: &Arrival) -> Priority;

    /// Do tenants take turns by what they have used, or does only the order of calls count?
    fn shares_fairly(&self) -> bool;

    /// Calls of one lease, from 1 to `question.limit`.
    fn batch_size(&self, question: &BatchQuestion<'_>) -> u32;

    /// May a function that is not the first in order be served, if that is a better use of the device?
    fn prefers_what_pays(&self) -> bool;

    /// Are few devices planned for, instead of each one taking what is next?
    fn plans(&self) -> bool;

    /// Is a model loaded before its first call, where tasks so far say that it will come?
    fn warms(&self) -> bool;

    /// May a model that is in use make room for one that waits and has no device at all?
    fn swaps(&self, swap: &Swap) -> bool;
}

#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) now: Timestamp,
    /// Counts the calls that ever arrived.
    pub(crate) sequence: u64,
    /// When its task was.
    pub(crate) accepted: Timestamp,
    /// When its task has to be done.
    pub(crate) due: Option<Timestamp>,
    /// Nanoseconds that the task is expected to need from here on, if it never waits.
    pub(crate) rest: u64,
    /// The part of them that begins with this call.
    pub(crate) chain: u64,
}

pub(crate) struct BatchQuestion<'a> {
    pub(crate) queued: usize,
    /// Idle devices that have the model, this one included.
    pub(crate) idle_devices: usize,
    pub(crate) limit: u32,
    /// Latency by batch size on this device, ascending; empty if unknown.
    pub(crate) batches: &'a [(u32, Duration)],
    /// Devices that have the model, with a lease or without.
    pub(crate) copies: usize,
    /// What follows the calls, if nothing waits.
    pub(crate) tail: Duration,
    /// How long there is work for all devices, as far as anybody knows. Asked for only when it matters.
    pub(crate) horizon: &'a dyn Fn() -> Duration,
}

#[derive(Debug)]
pub(crate) struct Swap {
    /// Since the waiting function's last grant, or since its queue was empty.
    pub(crate) waited: Duration,
    pub(crate) load: Duration,
    /// The waiting call comes before every call that waits for a model on the device.
    pub(crate) comes_first: bool,
}
