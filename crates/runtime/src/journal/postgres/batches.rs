//! Batches: many tasks accepted together.

use dice_model::{BatchId, Digest, TaskId, Timestamp};
use sqlx::postgres::{PgConnection, PgPool};

use super::tasks;
use crate::journal::JournalError;
use crate::journal::columns::{number, unsigned};
use crate::record::{BatchRecord, NewBatch, TaskSpec};

pub(super) async fn accept(
    connection: &mut PgConnection,
    batch: &NewBatch,
    specs: &[TaskSpec],
    at: Timestamp,
) -> Result<(BatchRecord, bool), JournalError> {
    if let Some(unfinished) = unfinished(connection, batch.digest).await? {
        return Ok((unfinished, false));
    }
    let sql = "INSERT INTO batches (label, digest, accepted) VALUES ($1, $2, $3) RETURNING id";
    let id: i64 = sqlx::query_scalar(sql)
        .bind(&batch.label)
        .bind(batch.digest.as_bytes())
        .bind(number(at.0))
        .fetch_one(&mut *connection)
        .await?;
    let id = BatchId(unsigned(id));
    for spec in specs {
        let spec = TaskSpec {
            batch: Some(id),
            ..spec.clone()
        };
        tasks::accept(connection, &spec, at).await?;
    }
    let accepted = record(connection, id).await?;
    Ok((accepted.expect("it was inserted just now"), true))
}

async fn unfinished(
    connection: &mut PgConnection,
    digest: Digest,
) -> Result<Option<BatchRecord>, JournalError> {
    let sql = "SELECT id FROM batches WHERE digest = $1 ORDER BY id DESC LIMIT 1";
    let newest: Option<i64> = sqlx::query_scalar(sql)
        .bind(digest.as_bytes())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(newest) = newest else {
        return Ok(None);
    };
    let record = record(connection, BatchId(unsigned(newest))).await?;
    Ok(record.filter(|record| !record.is_finished()))
}

pub(super) async fn get(pool: PgPool, batch: BatchId) -> Result<Option<BatchRecord>, JournalError> {
    record(&mut *pool.acquire().await?, batch).await
}

pub(super) async fn list(pool: PgPool) -> Result<Vec<BatchRecord>, JournalError> {
    let mut connection = pool.acquire().await?;
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM batches ORDER BY id DESC")
        .fetch_all(&mut *connection)
        .await?;
    let mut batches = Vec::with_capacity(ids.len());
    for id in ids {
        batches.extend(record(&mut connection, BatchId(unsigned(id))).await?);
    }
    Ok(batches)
}

async fn record(
    connection: &mut PgConnection,
    batch: BatchId,
) -> Result<Option<BatchRecord>, JournalError> {
    let sql = "SELECT label, digest, accepted FROM batches WHERE id = $1";
    let row: Option<(String, [u8; 32], i64)> = sqlx::query_as(sql)
        .bind(number(batch.0))
        .fetch_optional(&mut *connection)
        .await?;
    let Some((label, digest, accepted)) = row else {
        return Ok(None);
    };
    let sql = "SELECT id, ended IS NOT NULL FROM tasks WHERE batch = $1 ORDER BY id";
    let tasks: Vec<(i64, bool)> = sqlx::query_as(sql)
        .bind(number(batch.0))
        .fetch_all(connection)
        .await?;
    Ok(Some(BatchRecord {
        id: batch,
        label,
        digest: Digest::from_bytes(digest),
        accepted: Timestamp(unsigned(accepted)),
        ended: tasks.iter().filter(|(_, ended)| *ended).count(),
        tasks: tasks.iter().map(|(id, _)| TaskId(unsigned(*id))).collect(),
    }))
}
