//! What the writer is asked to do, and how a group of it is done in one transaction.

use dice_model::TaskId;
use futures::future::BoxFuture;
use sqlx::postgres::PgConnection;

use super::tasks;
use crate::journal::replies::Reply;
use crate::journal::{Entry, JournalError};

pub(super) enum Job {
    /// Most of all work: what comes together goes in one statement.
    Append(Append),
    Other(Box<dyn Write>),
}

pub(super) struct Append {
    pub(super) task: TaskId,
    pub(super) entries: Vec<Entry>,
    /// The sequence of the last of them, once they are written.
    pub(super) last: u64,
    pub(super) reply: Reply<u64>,
}

/// In order. May be run again if the transaction did not come to its end.
pub(super) async fn run(
    connection: &mut PgConnection,
    group: &mut [Job],
) -> Result<(), JournalError> {
    let both_append = |a: &Job, b: &Job| matches!((a, b), (Job::Append(_), Job::Append(_)));
    for jobs in group.chunk_by_mut(both_append) {
        if let [Job::Other(write)] = jobs {
            write.run(connection).await?;
            continue;
        }
        let appends = jobs.iter_mut().filter_map(|job| match job {
            Job::Append(append) => Some(append),
            Job::Other(_) => None,
        });
        tasks::append(connection, &mut appends.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

impl Job {
    /// Does somebody wait for it?
    pub(super) fn is_awaited(&self) -> bool {
        match self {
            Self::Append(_) => true,
            Self::Other(write) => write.is_awaited(),
        }
    }

    pub(super) fn answer(self, committed: Result<(), JournalError>) {
        match self {
            Self::Append(append) => append.reply.answer(committed, Some(append.last)),
            Self::Other(write) => write.answer(committed),
        }
    }
}

pub(super) trait Write: Send {
    fn is_awaited(&self) -> bool;
    fn run<'c>(
        &'c mut self,
        connection: &'c mut PgConnection,
    ) -> BoxFuture<'c, Result<(), JournalError>>;
    fn answer(self: Box<Self>, committed: Result<(), JournalError>);
}

pub(super) struct OneWrite<F, T> {
    pub(super) work: F,
    pub(super) written: Option<T>,
    pub(super) reply: Reply<T>,
}

impl<F, T> Write for OneWrite<F, T>
where
    T: Send,
    F: for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<T, JournalError>> + Send,
{
    fn is_awaited(&self) -> bool {
        self.reply.is_awaited()
    }

    fn run<'c>(
        &'c mut self,
        connection: &'c mut PgConnection,
    ) -> BoxFuture<'c, Result<(), JournalError>> {
        Box::pin(async move {
            self.written = Some((self.work)(connection).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), JournalError>) {
        self.reply.answer(committed, self.written);
    }
}
