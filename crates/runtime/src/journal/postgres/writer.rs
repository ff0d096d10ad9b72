//! The one task that writes. What waits when it gets to work is committed together.

use dice_model::{Epoch, TaskId};
use futures::future::BoxFuture;
use sqlx::postgres::PgConnection;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::job::{Append, Job, OneWrite};
use super::session::Session;
use crate::journal::replies::{LINGER, MAX_GROUP, Reply, Room};
use crate::journal::{Answer, Entry, JournalError};

#[derive(Debug)]
pub(super) struct Writer {
    orders: mpsc::UnboundedSender<Order>,
    room: Room,
}

enum Order {
    TakeOver(oneshot::Sender<Result<Epoch, JournalError>>),
    Write(Job),
}

impl Writer {
    /// Ends, once everything is written, when this is dropped.
    pub(super) fn start(session: Session) -> Self {
        let (orders, waiting) = mpsc::unbounded_channel();
        tokio::spawn(work(session, waiting));
        Self {
            orders,
            room: Room::new(),
        }
    }

    pub(super) fn take_over(&self) -> Answer<'_, Epoch> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Order::TakeOver(reply));
        Box::pin(async { answer.await.unwrap_or(Err(JournalError::Closed)) })
    }

    pub(super) fn append(&self, task: TaskId, entries: Vec<Entry>) -> Answer<'_, u64> {
        Box::pin(async move {
            let (reply, awaited) = self.room.enter().await;
            self.enqueue(Order::Write(Job::Append(Append {
                task,
                entries,
                last: 0,
                reply,
            })));
            awaited.answer().await
        })
    }

    /// Ready once `work` is committed. The place in the order of writes is taken at the first poll,
    /// or later if the queue is full.
    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<T, JournalError>>
        + Send
        + 'static,
    ) -> Answer<'_, T> {
        Box::pin(async move {
            let (reply, awaited) = self.room.enter().await;
            self.enqueue(Order::Write(Job::Other(Box::new(OneWrite {
                work,
                written: None,
                reply,
            }))));
            awaited.answer().await
        })
    }

    /// Takes its place at once, full or not: for what is bounded elsewhere (leases). Committed with
    /// the next [`Writer::write`], or after [`LINGER`].
    pub(super) fn write_later(
        &self,
        work: impl for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<(), JournalError>>
        + Send
        + 'static,
    ) {
        self.enqueue(Order::Write(Job::Other(Box::new(OneWrite {
            work,
            written: None,
            reply: Reply::to_nobody(),
        }))));
    }

    fn enqueue(&self, order: Order) {
        // A writer that is gone drops the order, and so answers `Closed`.
        let _ = self.orders.send(order);
    }
}

async fn work(mut session: Session, mut waiting: mpsc::UnboundedReceiver<Order>) {
    while let Some(orders) = gather(&mut waiting).await {
        let mut group = Vec::with_capacity(orders.len());
        for order in orders {
            match order {
                Order::Write(job) => group.push(job),
                Order::TakeOver(reply) => {
                    write(&mut session, std::mem::take(&mut group)).await;
                    // Who asked may have gone.
                    let _ = reply.send(session.take_over().await);
                }
            }
        }
        write(&mut session, group).await;
    }
}

/// What is to be committed next: what waits, once somebody waits for some of it, or it has lingered.
async fn gather(waiting: &mut mpsc::UnboundedReceiver<Order>) -> Option<Vec<Order>> {
    let mut orders = Vec::new();
    waiting.recv_many(&mut orders, MAX_GROUP).await;
    let until = Instant::now() + LINGER;
    while !orders.is_empty() && orders.len() < MAX_GROUP && !orders.iter().any(Order::is_awaited) {
        let room = MAX_GROUP - orders.len();
        match tokio::time::timeout_at(until, waiting.recv_many(&mut orders, room)).await {
            Ok(more) if more > 0 => {}
            _ => break,
        }
    }
    (!orders.is_empty()).then_some(orders)
}

impl Order {
    fn is_awaited(&self) -> bool {
        match self {
            Self::TakeOver(_) => true,
            Self::Write(job) => job.is_awaited(),
        }
    }
}

async fn write(session: &mut Session, mut group: Vec<Job>) {
    if group.is_empty() {
        return;
    }
    match session.commit(&mut group).await {
        // One of them is at fault: tried alone, each has its own answer.
        Err(JournalError::Database(_) | JournalError::Unreadable(_)) if group.len() > 1 => {
            for job in group {
                let mut alone = [job];
                let committed = session.commit(&mut alone).await;
                let [job] = alone;
                job.answer(committed);
            }
        }
        committed => group
            .into_iter()
            .for_each(|job| job.answer(committed.clone())),
    }
}
