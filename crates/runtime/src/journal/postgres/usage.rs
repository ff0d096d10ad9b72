//! What was used: the ledger's raw material.

use dice_model::{PoolName, Timestamp, Usage};
use sqlx::postgres::{PgConnection, PgPool};

use crate::journal::JournalError;
use crate::journal::columns::{number, packed, unpacked, unsigned};
use crate::journal::used::{concerns, place};
use crate::record::UsageFilter;

pub(super) async fn record(
    connection: &mut PgConnection,
    usage: &Usage,
) -> Result<(), JournalError> {
    let (pool, began, ended) = place(usage);
    let sql = "INSERT INTO usage (pool, began, ended, held, body) VALUES ($1, $2, $3, $4, $5)";
    sqlx::query(sql)
        .bind(pool.map(|pool| &*pool.0))
        .bind(began.map(|at| number(at.0)))
        .bind(ended.map(|at| number(at.0)))
        // A node is recorded when it is taken, and is held until it is released.
        .bind(matches!(usage, Usage::NodeHeld { .. }))
        .bind(packed(usage)?)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn hold(
    connection: &mut PgConnection,
    pool: &PoolName,
    until: Timestamp,
) -> Result<(), JournalError> {
    let sql = "UPDATE usage SET ended = GREATEST(ended, $2) WHERE held AND pool = $1";
    let held = sqlx::query(sql).bind(&*pool.0).bind(number(until.0));
    held.execute(connection).await?;
    Ok(())
}

pub(super) async fn release(
    connection: &mut PgConnection,
    pool: &PoolName,
    at: Timestamp,
) -> Result<(), JournalError> {
    hold(connection, pool, at).await?;
    let sql = "UPDATE usage SET held = FALSE WHERE held AND pool = $1";
    sqlx::query(sql).bind(&*pool.0).execute(connection).await?;
    Ok(())
}

/// Of an engine that died: its nodes were held at least as long as anything was used in their pool.
pub(super) async fn end_holds(connection: &mut PgConnection) -> Result<(), JournalError> {
    let sql = "UPDATE usage SET held = FALSE, ended = GREATEST(ended, \
               (SELECT MAX(used.ended) FROM usage AS used WHERE used.pool = usage.pool)) WHERE held";
    sqlx::query(sql).execute(connection).await?;
    Ok(())
}

/// Conditions that are not asked for are NULL.
pub(super) async fn list(pool: PgPool, filter: UsageFilter) -> Result<Vec<Usage>, JournalError> {
    let sql = "SELECT body, ended FROM usage WHERE ($1::text IS NULL OR pool = $1) \
               AND ($2::bigint IS NULL OR ended > $2) AND ($3::bigint IS NULL OR began < $3) \
               ORDER BY ended NULLS FIRST, id";
    let rows: Vec<(Vec<u8>, Option<i64>)> = sqlx::query_as(sql)
        .bind(filter.pool.as_ref().map(|pool| &*pool.0))
        .bind(filter.from.map(|at| number(at.0)))
        .bind(filter.to.map(|at| number(at.0)))
        .fetch_all(&pool)
        .await?;
    let mut usages = Vec::new();
    for (body, ended) in rows {
        let mut usage: Usage = unpacked(&body)?;
        if let (Usage::NodeHeld { to, .. }, Some(ended)) = (&mut usage, ended) {
            *to = Timestamp(unsigned(ended));
        }
        if concerns(&usage, &filter.tasks) {
            usages.push(usage);
        }
    }
    Ok(usages)
}
