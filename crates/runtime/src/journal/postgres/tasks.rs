//! Tasks and their entries.

use std::collections::HashMap;

use dice_model::{TaskEnd, TaskId, Timestamp, Value};
use sqlx::FromRow;
use sqlx::postgres::{PgConnection, PgPool};

use super::job::Append;
use crate::journal::columns::{LATEST, number, packed, state, unpacked, unpacked_run, unsigned};
use crate::journal::ended::EndedRow;
use crate::journal::{Entry, JournalError};
use crate::record::{TaskFilter, TaskRecord, TaskSpec};

pub(super) async fn accept(
    connection: &mut PgConnection,
    spec: &TaskSpec,
    at: Timestamp,
) -> Result<TaskId, JournalError> {
    let sql = "INSERT INTO tasks (pool, batch, state, spec, accepted) \
               VALUES ($1, $2, 'accepted', $3, $4) RETURNING id";
    let id: i64 = sqlx::query_scalar(sql)
        .bind(&*spec.pool.0)
        .bind(spec.batch.map(|batch| number(batch.0)))
        .bind(packed(spec)?)
        .bind(number(at.0))
        .fetch_one(connection)
        .await?;
    Ok(TaskId(unsigned(id)))
}

/// The next ones come after them.
pub(super) async fn set_aside(
    connection: &mut PgConnection,
    count: u64,
) -> Result<TaskId, JournalError> {
    let sql = "SELECT setval(sequence, nextval(sequence) + $1 - 1) \
               FROM (SELECT pg_get_serial_sequence('tasks', 'id')::regclass AS sequence) AS of_tasks";
    let last: i64 = sqlx::query_scalar(sql)
        .bind(number(count))
        .fetch_one(connection)
        .await?;
    Ok(TaskId(unsigned(last) + 1 - count))
}

/// In two statements, however many they are.
pub(super) async fn record_ended(
    connection: &mut PgConnection,
    rows: &[EndedRow],
) -> Result<(), JournalError> {
    fn column<'r, T>(rows: &'r [EndedRow], of: impl Fn(&'r EndedRow) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    let sql = "INSERT INTO tasks (id, pool, state, spec, accepted, started, ended, ending, calls) \
               OVERRIDING SYSTEM VALUE \
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[], $5::bigint[], \
                                    $6::bigint[], $7::bigint[], $8::bytea[], $9::bigint[])";
    sqlx::query(sql)
        .bind(column(rows, |row| row.id))
        .bind(column(rows, |row| row.pool.as_str()))
        .bind(column(rows, |row| row.state))
        .bind(column(rows, |row| row.spec.as_slice()))
        .bind(column(rows, |row| row.accepted))
        .bind(column(rows, |row| row.started))
        .bind(column(rows, |row| row.ended))
        .bind(column(rows, |row| row.ending.as_slice()))
        .bind(column(rows, |row| row.calls))
        .execute(&mut *connection)
        .await?;
    let sql = "INSERT INTO entries (task, sequence, key, body) \
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])";
    sqlx::query(sql)
        .bind(column(rows, |row| row.id))
        .bind(column(rows, |row| row.sequence))
        .bind(column(rows, |row| row.key.as_deref()))
        .bind(column(rows, |row| row.body.as_slice()))
        .execute(connection)
        .await?;
    Ok(())
}

/// In one statement, whichever tasks they are of.
pub(super) async fn append(
    connection: &mut PgConnection,
    appends: &mut [&mut Append],
) -> Result<(), JournalError> {
    let (mut tasks, mut keys, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for append in appends.iter() {
        for entry in &append.entries {
            tasks.push(number(append.task.0));
            keys.push(entry.key().map(|digest| digest.as_bytes().to_vec()));
            bodies.push(packed(entry)?);
        }
    }
    let sql = "INSERT INTO entries (task, sequence, key, body) \
               SELECT new.task, \
                      last.sequence + row_number() OVER (PARTITION BY new.task ORDER BY new.place), \
                      new.key, new.body \
               FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) WITH ORDINALITY \
                    AS new (task, key, body, place), \
               LATERAL (SELECT COALESCE(MAX(sequence), 0) AS sequence FROM entries \
                        WHERE task = new.task) AS last \
               RETURNING task, sequence";
    let written: Vec<(i64, i64)> = sqlx::query_as(sql)
        .bind(tasks)
        .bind(keys)
        .bind(bodies)
        .fetch_all(&mut *connection)
        .await?;
    let mut last: HashMap<i64, i64> = HashMap::new();
    for (task, sequence) in written {
        let last = last.entry(task).or_default();
        *last = sequence.max(*last);
    }
    for append in appends.iter_mut().rev() {
        let of_task = last.entry(number(append.task.0)).or_default();
        append.last = unsigned(*of_task);
        *of_task -= number(append.entries.len() as u64);
    }
    for append in appends.iter() {
        for entry in &append.entries {
            note_state(connection, append.task, entry).await?;
        }
    }
    Ok(())
}

/// A task's row says again what its entries say, for lists.
async fn note_state(
    connection: &mut PgConnection,
    task: TaskId,
    entry: &Entry,
) -> Result<(), JournalError> {
    let id = number(task.0);
    let noted = match entry {
        Entry::Started { at } => sqlx::query(
            "UPDATE tasks SET state = 'running', started = COALESCE(started, $2) WHERE id = $1",
        )
        .bind(id)
        .bind(number(at.0)),
        Entry::Answered { value } => sqlx::query("UPDATE tasks SET answer = $2 WHERE id = $1")
            .bind(id)
            .bind(packed(value)?),
        Entry::Ended { end, at } => sqlx::query(
            "UPDATE tasks SET state = $2, ended = $3, ending = $4, calls = \
             (SELECT COUNT(*) FROM entries WHERE task = $1 AND key IS NOT NULL) WHERE id = $1",
        )
        .bind(id)
        .bind(end.state().word())
        .bind(number(at.0))
        .bind(packed(end)?),
        Entry::Resolved { .. } => sqlx::query(
            "UPDATE tasks SET state = 'accepted', ended = NULL, ending = NULL, calls = NULL \
             WHERE id = $1",
        )
        .bind(id),
        _ => return Ok(()),
    };
    noted.execute(connection).await?;
    Ok(())
}

pub(super) async fn entries(
    pool: PgPool,
    task: TaskId,
    from: u64,
    limit: usize,
) -> Result<Vec<(u64, Entry)>, JournalError> {
    let sql = "SELECT sequence, body FROM entries WHERE task = $1 AND sequence >= $2 \
               ORDER BY sequence LIMIT $3";
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(sql)
        .bind(number(task.0))
        .bind(number(from))
        .bind(number(limit as u64))
        .fetch_all(&pool)
        .await?;
    let mut entries = Vec::new();
    for (last, body) in rows {
        let run = unpacked_run(unsigned(last), &body)?;
        entries.extend(run.into_iter().filter(|(sequence, _)| *sequence >= from));
    }
    Ok(entries)
}

/// Conditions that are not asked for are NULL.
const SELECT: &str = "SELECT id, state, spec, accepted, started, ended, ending, answer, \
    COALESCE(calls, (SELECT COUNT(*) FROM entries WHERE task = tasks.id AND key IS NOT NULL)) AS calls \
    FROM tasks \
    WHERE ($1::bigint IS NULL OR id = $1) AND ($2::text[] IS NULL OR state = ANY($2)) \
    AND ($3::bigint IS NULL OR batch = $3) AND ($4::bigint IS NULL OR id < $4) \
    ORDER BY id DESC LIMIT $5";

pub(super) async fn get(pool: PgPool, task: TaskId) -> Result<Option<TaskRecord>, JournalError> {
    let row: Option<Row> = sqlx::query_as(SELECT)
        .bind(number(task.0))
        .bind(None::<Vec<&str>>)
        .bind(None::<i64>)
        .bind(None::<i64>)
        .bind(1_i64)
        .fetch_optional(&pool)
        .await?;
    row.map(Row::record).transpose()
}

pub(super) async fn list(
    pool: PgPool,
    filter: TaskFilter,
) -> Result<Vec<TaskRecord>, JournalError> {
    let states: Vec<&str> = filter.states.iter().map(|state| state.word()).collect();
    let rows: Vec<Row> = sqlx::query_as(SELECT)
        .bind(None::<i64>)
        .bind((!states.is_empty()).then_some(states))
        .bind(filter.batch.map(|batch| number(batch.0)))
        .bind(filter.before.map(|task| number(task.0)))
        .bind((filter.limit > 0).then_some(number(filter.limit as u64)))
        .fetch_all(&pool)
        .await?;
    rows.into_iter().map(Row::record).collect()
}

pub(super) async fn latest(pool: PgPool) -> Result<Timestamp, JournalError> {
    let (latest,): (Option<i64>,) = sqlx::query_as(LATEST).fetch_one(&pool).await?;
    Ok(Timestamp(latest.map_or(0, unsigned)))
}

pub(super) async fn forget(
    connection: &mut PgConnection,
    task: TaskId,
) -> Result<bool, JournalError> {
    let id = number(task.0);
    let sql = "SELECT COUNT(*) = 1 FROM tasks WHERE id = $1 AND ended IS NOT NULL";
    let ended: bool = sqlx::query_scalar(sql)
        .bind(id)
        .fetch_one(&mut *connection)
        .await?;
    if ended {
        for sql in [
            "DELETE FROM entries WHERE task = $1",
            "DELETE FROM tasks WHERE id = $1",
        ] {
            sqlx::query(sql).bind(id).execute(&mut *connection).await?;
        }
    }
    Ok(ended)
}

#[derive(FromRow)]
struct Row {
    id: i64,
    state: String,
    spec: Vec<u8>,
    accepted: i64,
    started: Option<i64>,
    ended: Option<i64>,
    ending: Option<Vec<u8>>,
    answer: Option<Vec<u8>>,
    calls: i64,
}

impl Row {
    fn record(self) -> Result<TaskRecord, JournalError> {
        let time = |at| Timestamp(unsigned(at));
        Ok(TaskRecord {
            id: TaskId(unsigned(self.id)),
            spec: unpacked(&self.spec)?,
            state: state(&self.state)?,
            end: self
                .ending
                .map(|end| unpacked::<TaskEnd>(&end))
                .transpose()?,
            answer: self
                .answer
                .map(|value| unpacked::<Value>(&value))
                .transpose()?,
            accepted: time(self.accepted),
            started: self.started.map(time),
            ended: self.ended.map(time),
            calls: unsigned(self.calls),
        })
    }
}
