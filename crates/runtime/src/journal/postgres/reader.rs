//! Reads beside the writer, on connections of their own.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use super::session::Outage;
use crate::journal::{Answer, JournalError};

const CONNECTIONS: u32 = 4;

#[derive(Debug, Clone)]
pub(super) struct Reader(PgPool);

impl Reader {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(10));
        Self(pool.connect_lazy_with(options))
    }

    /// Sees everything that was committed before it was asked.
    pub(super) fn read<T: Send + 'static, F>(
        &self,
        work: impl Fn(PgPool) -> F + Send + Sync + 'static,
    ) -> Answer<'static, T>
    where
        F: Future<Output = Result<T, JournalError>> + Send,
    {
        let pool = self.0.clone();
        Box::pin(async move {
            let mut outage = Outage::default();
            loop {
                match work(pool.clone()).await {
                    Err(error) if outage.is_to_be_waited_for(&error) => outage.pause().await,
                    done => return done,
                }
            }
        })
    }
}
