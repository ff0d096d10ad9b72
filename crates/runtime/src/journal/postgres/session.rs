//! The one connection that writes, and the authority it writes with (RUNTIME P2).
//!
//! A commit whose answer is lost with the connection is neither repeated nor given up blindly: each
//! commit counts up a number in the authority's row, and whoever reconnects looks at it.

use std::time::Duration;

use dice_model::Epoch;
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::time::Instant;

use super::job::{self, Job};
use super::usage;
use crate::journal::JournalError;
use crate::journal::columns::unsigned;

/// How long a database may be away before those who wait are told that the journal failed. It may be
/// restarting, or its standby taking over.
const PATIENCE: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Session {
    options: PgConnectOptions,
    /// `None`: lost.
    connection: Option<PgConnection>,
    /// `None`: nothing has been taken over yet, so nothing may be written.
    authority: Option<Authority>,
}

/// What the authority's row says while it is ours.
#[derive(Debug, Clone, Copy)]
struct Authority {
    epoch: i64,
    /// Commits in this epoch.
    written: i64,
}

impl Session {
    pub(super) fn new(options: PgConnectOptions, connection: PgConnection) -> Self {
        Self {
            options,
            connection: Some(connection),
            authority: None,
        }
    }

    pub(super) async fn take_over(&mut self) -> Result<Epoch, JournalError> {
        let mut outage = Outage::default();
        loop {
            match self.raise_epoch().await {
                Err(error) if outage.is_to_be_waited_for(&error) => self.wait(&mut outage).await,
                Err(error) => return Err(error),
                Ok(epoch) => {
                    self.authority = Some(Authority { epoch, written: 0 });
                    return Ok(Epoch(unsigned(epoch)));
                }
            }
        }
    }

    async fn raise_epoch(&mut self) -> Result<i64, JournalError> {
        let mut transaction = connected(&mut self.connection, &self.options)
            .await?
            .begin()
            .await?;
        let raised = "UPDATE authority SET epoch = epoch + 1, written = 0 RETURNING epoch";
        let epoch = sqlx::query_scalar(raised)
            .fetch_one(&mut *transaction)
            .await?;
        usage::end_holds(&mut transaction).await?;
        transaction.commit().await?;
        Ok(epoch)
    }

    /// All of them or none.
    pub(super) async fn commit(&mut self, group: &mut [Job]) -> Result<(), JournalError> {
        let mut outage = Outage::default();
        loop {
            match self.attempt(group).await {
                Err(error) if outage.is_to_be_waited_for(&error) => self.wait(&mut outage).await,
                done => return done,
            }
        }
    }

    async fn attempt(&mut self, group: &mut [Job]) -> Result<(), JournalError> {
        let authority = self.authority.as_mut().ok_or(JournalError::TakenOver)?;
        let mut transaction = connected(&mut self.connection, &self.options)
            .await?
            .begin()
            .await?;
        if authority.claim(&mut transaction).await? {
            job::run(&mut transaction, group).await?;
            transaction.commit().await?;
        } else if !authority.has_written(&mut transaction).await? {
            return Err(JournalError::TakenOver);
        }
        authority.written += 1;
        Ok(())
    }

    async fn wait(&mut self, outage: &mut Outage) {
        self.connection = None;
        outage.pause().await;
    }
}

impl Authority {
    /// Locks the row until the transaction ends: whoever takes over waits for it, or it for them.
    async fn claim(&self, connection: &mut PgConnection) -> Result<bool, JournalError> {
        let sql = "UPDATE authority SET written = written + 1 WHERE epoch = $1 AND written = $2";
        let claimed = sqlx::query(sql).bind(self.epoch).bind(self.written);
        Ok(claimed.execute(connection).await?.rows_affected() == 1)
    }

    /// The commit before this attempt got through; only its answer did not.
    async fn has_written(&self, connection: &mut PgConnection) -> Result<bool, JournalError> {
        let sql = "SELECT COUNT(*) = 1 FROM authority WHERE epoch = $1 AND written = $2 + 1";
        let written = sqlx::query_scalar(sql).bind(self.epoch).bind(self.written);
        Ok(written.fetch_one(connection).await?)
    }
}

async fn connected<'a>(
    connection: &'a mut Option<PgConnection>,
    options: &PgConnectOptions,
) -> Result<&'a mut PgConnection, JournalError> {
    if connection.is_none() {
        *connection = Some(PgConnection::connect_with(options).await?);
    }
    Ok(connection.as_mut().expect("it was made just now"))
}

/// A database that does not answer, from the first time on that it did not.
#[derive(Debug, Default)]
pub(super) struct Outage {
    began: Option<Instant>,
    pause: Option<Duration>,
}

impl Outage {
    pub(super) fn is_to_be_waited_for(&mut self, error: &JournalError) -> bool {
        if !is_lost(error) {
            return false;
        }
        let began = *self.began.get_or_insert_with(|| {
            tracing::warn!(%error, "the database does not answer; waiting for it");
            Instant::now()
        });
        began.elapsed() < PATIENCE
    }

    pub(super) async fn pause(&mut self) {
        let pause = self.pause.unwrap_or(FIRST_PAUSE);
        self.pause = Some((pause * 2).min(LONGEST_PAUSE));
        tokio::time::sleep(pause).await;
    }
}

/// The connection is at fault, or the database as a whole, not what was asked.
fn is_lost(error: &JournalError) -> bool {
    let JournalError::Database(error) = error else {
        return false;
    };
    match error.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed) => true,
        // Class 08: connection; 57P: shutting down, crashed or starting; 53300: too many connections.
        Some(sqlx::Error::Database(error)) => error.code().is_some_and(|code| {
            code.starts_with("08") || code.starts_with("57P") || code == "53300"
        }),
        _ => false,
    }
}
