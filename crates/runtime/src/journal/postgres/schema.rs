//! The tables, their version, and the guard against an older program on newer tables.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection as _, Executor as _};

use crate::journal::JournalError;

/// Each brings the tables from its index to the next version; none is ever changed again.
const MIGRATIONS: [&str; 2] = [include_str!("schema-1.sql"), include_str!("schema-2.sql")];

/// Of the advisory lock under which one engine at a time looks at the version: `dice` in ASCII.
const MIGRATING: i64 = 0x6469_6365;

/// All tables lie in one schema, so that a database may have other tenants.
pub(super) const SCHEMA: &str = "dice";

pub(super) async fn migrate(
    connection: &mut PgConnection,
    options: &PgConnectOptions,
) -> Result<(), JournalError> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATING)
        .execute(&mut *transaction)
        .await?;
    let known = i64::try_from(MIGRATIONS.len()).expect("a handful of migrations");
    let found = version(&mut transaction).await?;
    if found > known {
        let database = options.get_database().unwrap_or_default();
        return Err(JournalError::Newer {
            journal: format!("postgres://{}/{database}", options.get_host()),
            found,
            known,
        });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for migration in &MIGRATIONS[done..] {
        transaction.execute(*migration).await?;
    }
    sqlx::query("UPDATE version SET version = $1 WHERE version <> $1")
        .bind(known)
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

async fn version(connection: &mut PgConnection) -> Result<i64, JournalError> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('dice.version') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        connection
            .execute(
                "CREATE SCHEMA IF NOT EXISTS dice; \
                 CREATE TABLE version (version BIGINT NOT NULL); \
                 INSERT INTO version VALUES (0)",
            )
            .await?;
    }
    let version = sqlx::query_scalar("SELECT version FROM version");
    Ok(version.fetch_one(connection).await?)
}
