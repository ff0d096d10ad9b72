//! Batches: many tasks accepted together.

use dice_model::{BatchId, Digest, TaskId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::tasks;
use crate::journal::JournalError;
use crate::journal::columns::{number, unsigned};
use crate::record::{BatchRecord, NewBatch, TaskSpec};

pub(super) fn accept(
    connection: &Connection,
    batch: &NewBatch,
    specs: &[TaskSpec],
    at: Timestamp,
) -> Result<(BatchRecord, bool), JournalError> {
    if let Some(unfinished) = unfinished(connection, batch.digest)? {
        return Ok((unfinished, false));
    }
    let sql = "INSERT INTO batches (label, digest, accepted) VALUES (?, ?, ?)";
    connection.execute(
        sql,
        params![batch.label, batch.digest.as_bytes(), number(at.0)],
    )?;
    let id = BatchId(unsigned(connection.last_insert_rowid()));
    for spec in specs {
        let spec = TaskSpec {
            batch: Some(id),
            ..spec.clone()
        };
        tasks::accept(connection, &spec, at)?;
    }
    let accepted = get(connection, id)?.expect("it was inserted just now");
    Ok((accepted, true))
}

fn unfinished(
    connection: &Connection,
    digest: Digest,
) -> Result<Option<BatchRecord>, JournalError> {
    let sql = "SELECT id FROM batches WHERE digest = ? ORDER BY id DESC LIMIT 1";
    let newest: Option<i64> = connection
        .query_row(sql, [digest.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(newest) = newest else {
        return Ok(None);
    };
    let record = get(connection, BatchId(unsigned(newest)))?;
    Ok(record.filter(|record| !record.is_finished()))
}

pub(super) fn get(
    connection: &Connection,
    batch: BatchId,
) -> Result<Option<BatchRecord>, JournalError> {
    let sql = "SELECT label, digest, accepted FROM batches WHERE id = ?";
    let row: Option<(String, [u8; 32], i64)> = connection
        .query_row(sql, [number(batch.0)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((label, digest, accepted)) = row else {
        return Ok(None);
    };
    let (tasks, ended) = tasks_of(connection, batch)?;
    Ok(Some(BatchRecord {
        id: batch,
        label,
        digest: Digest::from_bytes(digest),
        accepted: Timestamp(unsigned(accepted)),
        tasks,
        ended,
    }))
}

fn tasks_of(connection: &Connection, batch: BatchId) -> Result<(Vec<TaskId>, usize), JournalError> {
    let sql = "SELECT id, ended IS NOT NULL FROM tasks WHERE batch = ? ORDER BY id";
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query([number(batch.0)])?;
    let (mut tasks, mut ended) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        tasks.push(TaskId(unsigned(row.get(0)?)));
        ended += usize::from(row.get::<_, bool>(1)?);
    }
    Ok((tasks, ended))
}

pub(super) fn list(connection: &Connection) -> Result<Vec<BatchRecord>, JournalError> {
    let mut select = connection.prepare_cached("SELECT id FROM batches ORDER BY id DESC")?;
    let ids: Vec<i64> = select
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    ids.into_iter()
        .filter_map(|id| get(connection, BatchId(unsigned(id))).transpose())
        .collect()
}
