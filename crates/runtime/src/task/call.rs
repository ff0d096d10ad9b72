//! A call of a program on its way from its issue to its outcome.

use std::sync::Arc;

use dice_catalog::{Catalog, Entry};
use dice_model::{
    CallFailure, CallKey, CallRef, Digest, Effect, FailureKind, FunctionId, LeaseId, Outcome, Value,
};
use dice_wire::Guess;

use crate::checks;

/// What the program asked for, checked against the catalog that its task has pinned (J4, V1).
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) function: FunctionId,
    pub(super) version: Digest,
    /// Of the arguments, defaults filled in.
    pub(super) digest: Digest,
    /// `Err`: it ends with this, and no worker hears of it.
    pub(super) good: Result<Good, CallFailure>,
}

#[derive(Debug)]
pub(super) struct Good {
    pub(super) entry: Arc<Entry>,
    pub(super) arguments: Arc<Value>,
}

impl Asked {
    pub(super) fn new(catalog: &Catalog, function: FunctionId, arguments: Value) -> Self {
        let Some(entry) = catalog.get(function.as_str()) else {
            let message = match catalog.closest(function.as_str()) {
                Some(meant) => format!("no such function; did you mean {meant:?}?"),
                None => "no such function".to_owned(),
            };
            let failure = CallFailure::new(FailureKind::BadArguments, message);
            return Self::bad(function, Digest::of(b""), &arguments, failure);
        };
        match checks::arguments(entry, arguments.clone()) {
            Ok(checked) => Self {
                version: entry.spec.version,
                digest: checked.digest(),
                good: Ok(Good {
                    entry: Arc::clone(entry),
                    arguments: Arc::new(checked),
                }),
                function,
            },
            Err(failure) => Self::bad(function, entry.spec.version, &arguments, failure),
        }
    }

    fn bad(function: FunctionId, version: Digest, arguments: &Value, failure: CallFailure) -> Self {
        Self {
            function,
            version,
            digest: arguments.digest(),
            good: Err(failure),
        }
    }

    pub(super) fn key(&self, state_epoch: u32, occurrence: u32) -> CallKey {
        CallKey {
            function: self.function.clone(),
            version: self.version,
            arguments: self.digest,
            state_epoch,
            occurrence,
        }
    }
}

/// A call without an outcome.
#[derive(Debug)]
pub(super) struct Open {
    /// The program's own number for it.
    pub(super) program: u32,
    pub(super) entry: Arc<Entry>,
    pub(super) arguments: Arc<Value>,
    pub(super) key: Digest,
    /// Of what may share its result: function, version, arguments.
    pub(super) shared_as: Digest,
    pub(super) after: Vec<CallRef>,
    pub(super) attempts: u32,
    pub(super) place: Place,
    /// Somebody in the program waits for it.
    pub(super) wanted: bool,
    /// Until it comes true.
    pub(super) guess: Option<Guess>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The journal has its outcome, which comes when it is its turn.
    Replayed,
    /// Too many are dispatched already (H4).
    Held,
    Dispatched,
    Granted(LeaseId),
    /// Waits for this equal call (E5).
    Joined(u32),
}

impl Open {
    pub(super) fn is_write(&self) -> bool {
        self.entry.spec.effect == Effect::Write
    }

    pub(super) fn is_granted(&self) -> bool {
        matches!(self.place, Place::Granted(_))
    }

    /// The scheduler knows of it.
    pub(super) fn is_dispatched(&self) -> bool {
        matches!(self.place, Place::Dispatched | Place::Granted(_))
    }

    /// What the worker gave, if it is what the function's schema promises.
    pub(super) fn checked(&self, outcome: Outcome) -> Outcome {
        checks::outcome(&self.entry, outcome)
    }
}
