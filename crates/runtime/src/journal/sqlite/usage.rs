//! What was used: the ledger's raw material.

use dice_model::{PoolName, Timestamp, Usage};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use crate::journal::JournalError;
use crate::journal::columns::{number, packed, unpacked, unsigned};
use crate::journal::used::{concerns, place};
use crate::record::UsageFilter;

pub(super) fn record(connection: &Connection, usage: &Usage) -> Result<(), JournalError> {
    let (pool, began, ended) = place(usage);
    // A node is recorded when it is taken, and is held until it is released.
    let held = matches!(usage, Usage::NodeHeld { .. });
    let sql = "INSERT INTO usage (pool, began, ended, held, body) VALUES (?, ?, ?, ?, ?)";
    connection.prepare_cached(sql)?.execute(params![
        pool.map(|pool| pool.0.as_str()),
        began.map(|at| number(at.0)),
        ended.map(|at| number(at.0)),
        held,
        packed(usage)?
    ])?;
    Ok(())
}

pub(super) fn hold(
    connection: &Connection,
    pool: &PoolName,
    until: Timestamp,
) -> Result<(), JournalError> {
    let sql = "UPDATE usage SET ended = MAX(ended, ?) WHERE held AND pool = ?";
    connection
        .prepare_cached(sql)?
        .execute(params![number(until.0), pool.0])?;
    Ok(())
}

pub(super) fn release(
    connection: &Connection,
    pool: &PoolName,
    at: Timestamp,
) -> Result<(), JournalError> {
    hold(connection, pool, at)?;
    let sql = "UPDATE usage SET held = 0 WHERE held AND pool = ?";
    connection.prepare_cached(sql)?.execute([&pool.0])?;
    Ok(())
}

/// Of an engine that died: its nodes were held at least as long as anything was used in their pool.
pub(super) fn end_holds(connection: &Connection) -> Result<(), JournalError> {
    let sql = "UPDATE usage SET held = 0, ended = MAX(ended, \
               (SELECT MAX(used.ended) FROM usage AS used WHERE used.pool = usage.pool)) WHERE held";
    connection.execute(sql, [])?;
    Ok(())
}

pub(super) fn list(
    connection: &Connection,
    filter: &UsageFilter,
) -> Result<Vec<Usage>, JournalError> {
    let mut sql = "SELECT body, ended FROM usage WHERE 1".to_owned();
    let mut arguments = Vec::new();
    if let Some(pool) = &filter.pool {
        sql += " AND pool = ?";
        arguments.push(Sql::Text(pool.0.clone()));
    }
    if let Some(from) = filter.from {
        sql += " AND ended > ?";
        arguments.push(Sql::Integer(number(from.0)));
    }
    if let Some(to) = filter.to {
        sql += " AND began < ?";
        arguments.push(Sql::Integer(number(to.0)));
    }
    sql += " ORDER BY ended, id";
    let mut select = connection.prepare_cached(&sql)?;
    let mut rows = select.query(params_from_iter(arguments))?;
    let mut usages = Vec::new();
    while let Some(row) = rows.next()? {
        let mut usage: Usage = unpacked(&row.get::<_, Vec<u8>>(0)?)?;
        if let (Usage::NodeHeld { to, .. }, Some(ended)) = (&mut usage, row.get(1)?) {
            *to = Timestamp(unsigned(ended));
        }
        if concerns(&usage, &filter.tasks) {
            usages.push(usage);
        }
    }
    Ok(usages)
}
