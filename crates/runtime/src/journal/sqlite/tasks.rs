//! Tasks and their entries.

use dice_model::{TaskEnd, TaskId, Timestamp, Value};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::journal::columns::{LATEST, number, packed, state, unpacked, unpacked_run, unsigned};
use crate::journal::ended::EndedRow;
use crate::journal::{Entry, JournalError};
use crate::record::{TaskFilter, TaskRecord, TaskSpec};

const COLUMNS: &str = "id, state, spec, accepted, started, ended, ending, answer, \
    COALESCE(calls, (SELECT COUNT(*) FROM entries WHERE task = tasks.id AND key IS NOT NULL))";

pub(super) fn accept(
    connection: &Connection,
    spec: &TaskSpec,
    at: Timestamp,
) -> Result<TaskId, JournalError> {
    let sql =
        "INSERT INTO tasks (pool, batch, state, spec, accepted) VALUES (?, ?, 'accepted', ?, ?)";
    connection.prepare_cached(sql)?.execute(params![
        spec.pool.0,
        spec.batch.map(|batch| number(batch.0)),
        packed(spec)?,
        number(at.0)
    ])?;
    Ok(TaskId(unsigned(connection.last_insert_rowid())))
}

/// AUTOINCREMENT goes on after them.
pub(super) fn set_aside(connection: &Connection, count: u64) -> Result<TaskId, JournalError> {
    let sql = "INSERT INTO sqlite_sequence (name, seq) SELECT 'tasks', 0 \
               WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'tasks')";
    connection.execute(sql, [])?;
    let sql = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'tasks' RETURNING seq";
    let last: i64 = connection.query_row(sql, [number(count)], |row| row.get(0))?;
    Ok(TaskId(unsigned(last) + 1 - count))
}

pub(super) fn record_ended(connection: &Connection, rows: &[EndedRow]) -> Result<(), JournalError> {
    let sql = "INSERT INTO tasks (id, pool, state, spec, accepted, started, ended, ending, calls) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let mut task = connection.prepare_cached(sql)?;
    let sql = "INSERT INTO entries (task, sequence, key, body) VALUES (?, ?, ?, ?)";
    let mut entries = connection.prepare_cached(sql)?;
    for row in rows {
        task.execute(params![
            row.id,
            row.pool,
            row.state,
            row.spec,
            row.accepted,
            row.started,
            row.ended,
            row.ending,
            row.calls
        ])?;
        entries.execute(params![row.id, row.sequence, row.key, row.body])?;
    }
    Ok(())
}

pub(super) fn append(
    connection: &Connection,
    task: TaskId,
    entries: &[Entry],
) -> Result<u64, JournalError> {
    let sql = "SELECT COALESCE(MAX(sequence), 0) FROM entries WHERE task = ?";
    let mut sequence: i64 = connection
        .prepare_cached(sql)?
        .query_row([number(task.0)], |row| row.get(0))?;
    let sql = "INSERT INTO entries (task, sequence, key, body) VALUES (?, ?, ?, ?)";
    let mut insert = connection.prepare_cached(sql)?;
    for entry in entries {
        sequence += 1;
        let key = entry.key().map(|digest| digest.as_bytes().to_vec());
        insert.execute(params![number(task.0), sequence, key, packed(entry)?])?;
        note_state(connection, task, entry)?;
    }
    Ok(unsigned(sequence))
}

/// A task's row says again what its entries say, for lists.
fn note_state(connection: &Connection, task: TaskId, entry: &Entry) -> Result<(), JournalError> {
    let id = number(task.0);
    match entry {
        Entry::Started { at } => {
            let sql =
                "UPDATE tasks SET state = 'running', started = COALESCE(started, ?) WHERE id = ?";
            connection
                .prepare_cached(sql)?
                .execute(params![number(at.0), id])?;
        }
        Entry::Answered { value } => {
            let sql = "UPDATE tasks SET answer = ? WHERE id = ?";
            connection
                .prepare_cached(sql)?
                .execute(params![packed(value)?, id])?;
        }
        Entry::Ended { end, at } => {
            let sql = "UPDATE tasks SET state = ?1, ended = ?2, ending = ?3, calls = \
                       (SELECT COUNT(*) FROM entries WHERE task = ?4 AND key IS NOT NULL) WHERE id = ?4";
            let state = end.state().word();
            connection.prepare_cached(sql)?.execute(params![
                state,
                number(at.0),
                packed(end)?,
                id
            ])?;
        }
        Entry::Resolved { .. } => {
            let sql = "UPDATE tasks SET state = 'accepted', ended = NULL, ending = NULL, calls = NULL \
                       WHERE id = ?";
            connection.prepare_cached(sql)?.execute(params![id])?;
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn entries(
    connection: &Connection,
    task: TaskId,
    from: u64,
    limit: usize,
) -> Result<Vec<(u64, Entry)>, JournalError> {
    let sql = "SELECT sequence, body FROM entries WHERE task = ? AND sequence >= ? ORDER BY sequence LIMIT ?";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut select = connection.prepare_cached(sql)?;
    let mut rows = select.query(params![number(task.0), number(from), limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let run = unpacked_run(unsigned(row.get(0)?), &row.get::<_, Vec<u8>>(1)?)?;
        entries.extend(run.into_iter().filter(|(sequence, _)| *sequence >= from));
    }
    Ok(entries)
}

pub(super) fn get(
    connection: &Connection,
    task: TaskId,
) -> Result<Option<TaskRecord>, JournalError> {
    let sql = format!("SELECT {COLUMNS} FROM tasks WHERE id = ?");
    let mut select = connection.prepare_cached(&sql)?;
    let raw = select.query_row([number(task.0)], raw_record).optional()?;
    raw.map(record).transpose()
}

pub(super) fn list(
    connection: &Connection,
    filter: &TaskFilter,
) -> Result<Vec<TaskRecord>, JournalError> {
    let mut sql = format!("SELECT {COLUMNS} FROM tasks WHERE 1");
    let mut arguments = Vec::new();
    if !filter.states.is_empty() {
        let places = vec!["?"; filter.states.len()].join(", ");
        sql += &format!(" AND state IN ({places})");
        let words = filter.states.iter().map(|state| state.word().to_owned());
        arguments.extend(words.map(Sql::Text));
    }
    if let Some(batch) = filter.batch {
        sql += " AND batch = ?";
        arguments.push(Sql::Integer(number(batch.0)));
    }
    if let Some(before) = filter.before {
        sql += " AND id < ?";
        arguments.push(Sql::Integer(number(before.0)));
    }
    sql += " ORDER BY id DESC";
    if filter.limit > 0 {
        sql += " LIMIT ?";
        arguments.push(Sql::Integer(number(filter.limit as u64)));
    }
    let mut select = connection.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(arguments), raw_record)?;
    rows.map(|raw| record(raw?)).collect()
}

pub(super) fn latest(connection: &Connection) -> Result<Timestamp, JournalError> {
    let latest = connection.query_row(LATEST, [], |row| row.get::<_, Option<i64>>(0))?;
    Ok(Timestamp(latest.map_or(0, unsigned)))
}

pub(super) fn forget(connection: &Connection, task: TaskId) -> Result<bool, JournalError> {
    let ended = get(connection, task)?.is_some_and(|record| record.ended.is_some());
    if ended {
        connection.execute("DELETE FROM entries WHERE task = ?", [number(task.0)])?;
        connection.execute("DELETE FROM tasks WHERE id = ?", [number(task.0)])?;
    }
    Ok(ended)
}

struct RawRecord {
    id: i64,
    state: String,
    spec: Vec<u8>,
    times: (i64, Option<i64>, Option<i64>),
    ending: Option<Vec<u8>>,
    answer: Option<Vec<u8>>,
    calls: i64,
}

fn raw_record(row: &Row<'_>) -> rusqlite::Result<RawRecord> {
    Ok(RawRecord {
        id: row.get(0)?,
        state: row.get(1)?,
        spec: row.get(2)?,
        times: (row.get(3)?, row.get(4)?, row.get(5)?),
        ending: row.get(6)?,
        answer: row.get(7)?,
        calls: row.get(8)?,
    })
}

fn record(raw: RawRecord) -> Result<TaskRecord, JournalError> {
    let (accepted, started, ended) = raw.times;
    let ending = raw.ending.as_deref().map(unpacked::<TaskEnd>).transpose()?;
    let answer = raw.answer.as_deref().map(unpacked::<Value>).transpose()?;
    Ok(TaskRecord {
        id: TaskId(unsigned(raw.id)),
        spec: unpacked(&raw.spec)?,
        state: state(&raw.state)?,
        end: ending,
        answer,
        accepted: Timestamp(unsigned(accepted)),
        started: started.map(|at| Timestamp(unsigned(at))),
        ended: ended.map(|at| Timestamp(unsigned(at))),
        calls: unsigned(raw.calls),
    })
}
