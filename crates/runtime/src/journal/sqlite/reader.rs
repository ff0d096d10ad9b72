//! Reads beside the writer, on threads that may wait.

use std::sync::{Arc, Mutex};

use rusqlite::Connection;

use crate::journal::{Answer, JournalError};

#[derive(Debug, Clone)]
pub(super) struct Reader(Arc<Mutex<Connection>>);

impl Reader {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    /// Sees everything that was committed before it was asked.
    pub(super) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Answer<'static, T> {
        let connection = Arc::clone(&self.0);
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(move || {
                // Reading leaves nothing half-done: a panic of another reader does no harm.
                work(
                    &connection
                        .lock()
                        .unwrap_or_else(|poison| poison.into_inner()),
                )
            });
            done.await.unwrap_or(Err(JournalError::Closed))
        })
    }
}
