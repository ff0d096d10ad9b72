//! How tables hold what SQL has no type for: bodies as msgpack, unsigned numbers as signed ones.

use dice_model::TaskState;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Entry, JournalError};

/// The newest time of anything but entries, in the words of both databases.
pub(super) const LATEST: &str = "SELECT MAX(at) FROM (SELECT MAX(accepted) AS at FROM tasks \
    UNION ALL SELECT MAX(started) FROM tasks UNION ALL SELECT MAX(ended) FROM tasks \
    UNION ALL SELECT MAX(ended) FROM usage) AS times";

pub(super) fn packed(body: &impl Serialize) -> Result<Vec<u8>, JournalError> {
    rmp_serde::to_vec_named(body).map_err(|error| JournalError::Unreadable(error.to_string()))
}

pub(super) fn unpacked<T: DeserializeOwned>(body: &[u8]) -> Result<T, JournalError> {
    rmp_serde::from_slice(body).map_err(|error| JournalError::Unreadable(error.to_string()))
}

/// Entries of one task that were written together, in one body.
pub(super) fn packed_run(entries: &[Entry]) -> Result<Vec<u8>, JournalError> {
    packed(&entries)
}

/// One entry, or a run of them that ends with `last`, each with its sequence. An entry is a map, a run
/// is an array.
pub(super) fn unpacked_run(last: u64, body: &[u8]) -> Result<Vec<(u64, Entry)>, JournalError> {
    const FIXED_ARRAY: std::ops::RangeInclusive<u8> = 0x90..=0x9f;
    const ARRAY_16: u8 = 0xdc;
    let is_run = body
        .first()
        .is_some_and(|first| FIXED_ARRAY.contains(first) || *first == ARRAY_16);
    if !is_run {
        return Ok(vec![(last, unpacked(body)?)]);
    }
    let entries: Vec<Entry> = unpacked(body)?;
    let first = (last + 1).saturating_sub(entries.len() as u64);
    Ok((first..).zip(entries).collect())
}

/// Integers of databases are signed; ids and times of this millennium fit.
pub(super) fn number(unsigned: u64) -> i64 {
    i64::try_from(unsigned).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// The state that [`TaskState::word`] says.
pub(super) fn state(word: &str) -> Result<TaskState, JournalError> {
    const ALL: [TaskState; 6] = [
        TaskState::Accepted,
        TaskState::Running,
        TaskState::Done,
        TaskState::Failed,
        TaskState::Cancelled,
        TaskState::Uncertain,
    ];
    let known = ALL.into_iter().find(|state| state.word() == word);
    known.ok_or_else(|| JournalError::Unreadable(format!("a task's state {word:?}")))
}
