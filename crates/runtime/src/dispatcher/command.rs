//! What a dispatcher is told, and what it tells tasks.

use std::sync::Arc;
use std::time::Duration;

use dice_model::{
    CallFailure, CallRef, DeviceId, Digest, FunctionId, FunctionSpec, LeaseId, Outcome, PoolName,
    TaskId, Timestamp, Value, WorkerId,
};
use dice_scheduler::{IssuedCall, Profile, Terms};
use dice_wire::{ToWorker, WorkerFrame, WorkerHello};
use tokio::sync::{mpsc, oneshot};

use super::PoolView;
use crate::WorkerExit;
use crate::journal::Execution;
use crate::single::Single;

pub(crate) enum Command {
    Offer {
        function: Arc<FunctionSpec>,
        /// Of the catalog's entry, which workers must have, too (C1).
        description: Digest,
        profile: Profile,
    },
    Withdraw {
        function: FunctionId,
    },
    /// Keep it on so many devices, calls or not.
    Want {
        function: FunctionId,
        devices: u32,
    },
    /// `start`: waits for its turn among the pool's tasks; none: it runs already.
    Register {
        task: TaskId,
        terms: Terms,
        news: mpsc::UnboundedSender<CallNews>,
        start: Option<oneshot::Sender<()>>,
    },
    TaskEnded {
        task: TaskId,
    },
    /// Every task that has not ended is registered.
    Resumed,
    Issue {
        call: IssuedCall,
        work: CallWork,
    },
    /// A guess is none any more.
    GuessCameTrue {
        call: CallRef,
    },
    /// Nobody waits for it any more (A2).
    Abandon {
        call: CallRef,
    },
    /// The intent of the lease's write is durable: send it (J6).
    Cleared {
        lease: LeaseId,
    },
    /// These outcomes are: their workers may forget them (J1).
    Durable {
        calls: Vec<CallRef>,
    },
    Worker(WorkerCommand),
    View(oneshot::Sender<PoolView>),
    Stop {
        grace: Duration,
        done: oneshot::Sender<()>,
    },
}

/// From connections and supervisors of workers.
pub(crate) enum WorkerCommand {
    Arrived {
        hello: WorkerHello,
        outgoing: mpsc::Sender<ToWorker>,
        /// The worker and the number of this connection, or why it is refused.
        answer: oneshot::Sender<Result<(WorkerId, u64), String>>,
    },
    Frame {
        worker: WorkerId,
        frame: WorkerFrame,
    },
    /// The connection ended; the process may be well, and come back.
    Left {
        worker: WorkerId,
        connection: u64,
    },
    /// It did not come back within three heartbeats after `Left`.
    Overdue {
        worker: WorkerId,
        connection: u64,
    },
    Launched {
        worker: WorkerId,
        pid: u32,
    },
    Exited {
        worker: WorkerId,
        exit: WorkerExit,
        /// The end of its log.
        log: String,
    },
}

/// What a call needs beside its place in the queue.
pub(crate) struct CallWork {
    pub(crate) arguments: Arc<Value>,
    /// For writes: the grant waits for [`Command::Cleared`].
    pub(crate) idempotency_key: Option<String>,
    /// Bytes that its function has printed.
    pub(crate) logged: usize,
    /// It has no program around it.
    pub(crate) single: Option<Box<Single>>,
}

/// What becomes of a task's calls. A mailbox holds a few per call in flight, whose number the task
/// bounds.
#[derive(Debug, Clone)]
pub(crate) enum CallNews {
    Granted {
        call: CallRef,
        lease: LeaseId,
        device: DeviceId,
        attempt: u32,
        at: Timestamp,
    },
    /// `execution`: `None` for a result re-offered by a worker of an earlier engine.
    Ended {
        call: CallRef,
        outcome: Outcome,
        execution: Option<Execution>,
        at: Timestamp,
    },
    /// Its function has printed this.
    Logged {
        call: CallRef,
        text: String,
        at: Timestamp,
    },
    Failed {
        call: CallRef,
        failure: CallFailure,
        at: Timestamp,
    },
    Uncertain {
        call: CallRef,
        at: Timestamp,
    },
    /// A worker that outlived its engine still executes this lease (J1).
    UnderWay {
        lease: LeaseId,
    },
    /// That worker has left.
    Gone {
        lease: LeaseId,
    },
}

/// A pool's dispatcher, from outside.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    name: PoolName,
    inbox: Inbox,
}

#[derive(Debug, Clone)]
enum Inbox {
    Strong(mpsc::Sender<Command>),
    /// Held by what the dispatcher itself owns, so that it can end.
    Weak(mpsc::WeakSender<Command>),
}

impl Pool {
    pub(super) fn new(name: PoolName, inbox: mpsc::Sender<Command>) -> Self {
        Self {
            name,
            inbox: Inbox::Strong(inbox),
        }
    }

    pub(super) fn downgraded(self) -> Self {
        let inbox = match self.inbox {
            Inbox::Strong(inbox) => Inbox::Weak(inbox.downgrade()),
            weak @ Inbox::Weak(_) => weak,
        };
        Self { inbox, ..self }
    }

    pub(crate) fn name(&self) -> &PoolName {
        &self.name
    }

    /// Waits while the inbox is full. A dispatcher that has ended hears nothing, and nothing hangs
    /// on it any more.
    pub(crate) async fn send(&self, command: Command) {
        let inbox = match &self.inbox {
            Inbox::Strong(inbox) => Some(inbox.clone()),
            Inbox::Weak(inbox) => inbox.upgrade(),
        };
        if let Some(inbox) = inbox {
            let _ = inbox.send(command).await;
        }
    }

    pub(crate) async fn send_worker(&self, command: WorkerCommand) {
        self.send(Command::Worker(command)).await;
    }
}
