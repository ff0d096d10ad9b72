//! What a function's schemas say about a call's arguments and its result, as outcomes (V1, J7).

use dice_catalog::Entry;
use dice_model::{CallFailure, FailureKind, Outcome, Value};
use dice_wire::{MAX_FRAME_BYTES, packed_bytes};

/// A grant with this call alone has to fit a frame (V3).
const MOST_ARGUMENT_BYTES: usize = MAX_FRAME_BYTES - 2048;

/// Defaults filled in; or what the call ends with, and no worker hears of it.
pub(crate) fn arguments(function: &Entry, arguments: Value) -> Result<Value, CallFailure> {
    let bad = |message| CallFailure::new(FailureKind::BadArguments, message);
    let checked = function
        .check_arguments(arguments)
        .map_err(|error| bad(error.problem.to_string()))?;
    match packed_bytes(&checked) {
        bytes if bytes > MOST_ARGUMENT_BYTES => Err(bad(format!(
            "its arguments have {bytes} bytes; at most {MOST_ARGUMENT_BYTES} travel in one call"
        ))),
        _ => Ok(checked),
    }
}

/// What the worker gave, if it is what the function's schema promises.
pub(crate) fn outcome(function: &Entry, outcome: Outcome) -> Outcome {
    function.check_result(outcome?).map_err(|error| {
        let (field, problem) = (error.field, error.problem);
        let message = format!("its result is not what its schema says: {field}: {problem}");
        CallFailure::new(FailureKind::Raised, message)
    })
}
