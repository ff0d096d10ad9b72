//! The tables, their version, and the guard against an older program on newer tables.

use std::path::Path;
use std::time::Duration;

use dice_model::Epoch;
use rusqlite::{Connection, OpenFlags};

use super::usage;
use crate::Durability;
use crate::journal::JournalError;
use crate::journal::columns::unsigned;

/// Each brings the tables from its index to the next version; none is ever changed again.
const MIGRATIONS: [&str; 3] = [
    include_str!("schema-1.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
];

pub(super) fn open(path: &Path, durability: Durability) -> Result<Connection, JournalError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let synchronous = match durability {
        Durability::Process => "NORMAL",
        Durability::Power => "FULL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    // What is forgotten is overwritten (D1).
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection, path)?;
    Ok(connection)
}

pub(super) fn open_for_reading(path: &Path) -> Result<Connection, JournalError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), JournalError> {
    let known = i64::try_from(MIGRATIONS.len()).expect("a handful of migrations");
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(JournalError::Newer {
            journal: path.display().to_string(),
            found,
            known,
        });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for (version, migration) in (1_i64..).zip(MIGRATIONS).skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

pub(super) fn take_over(connection: &Connection) -> Result<Epoch, JournalError> {
    usage::end_holds(connection)?;
    let sql = "UPDATE authority SET epoch = epoch + 1 RETURNING epoch";
    let epoch: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(Epoch(unsigned(epoch)))
}

/// Pages and indexes that are not what they should be.
pub(super) fn faults(connection: &Connection) -> Result<Vec<String>, JournalError> {
    let mut check = connection.prepare("PRAGMA integrity_check")?;
    let lines = check.query_map([], |row| row.get::<_, String>(0))?;
    let lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// Moves the log's pages into the database and cuts it to nothing. Where somebody still reads an old
/// state of them, the next checkpoint does.
pub(super) fn empty_log(path: &Path) -> Result<(), JournalError> {
    // A connection of its own: the writer's has a transaction open, the readers' may not write.
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
