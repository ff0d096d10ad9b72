//! Calls without a program around them (RUNTIME V3), of functions that do not write.
//!
//! Each is a task of kind *external*, billed like any other. Nothing of it needs to be durable before it
//! is sent: whoever asked is gone if the engine is. So it is written down once, when it is over, together
//! with whatever else is over, and answered after that (J1, J2). A write's intent comes first (J6): those
//! are tasks from their beginning.

mod desk;
mod numbers;

use std::sync::Arc;

use dice_catalog::Entry as Function;
use dice_model::{CallRef, DeviceId, Digest, LeaseId, Outcome, TaskEnd, Timestamp};
use tokio::sync::oneshot;

pub(crate) use desk::Desk;
pub(crate) use numbers::Numbers;

use crate::checks;
use crate::journal::{EndedTask, Entry, Execution, JournalError, Recorded};
use crate::record::TaskSpec;

pub(crate) type Answer = Result<Outcome, JournalError>;

/// What is known of such a call until it is over.
#[derive(Debug)]
pub(crate) struct Single {
    pub(crate) function: Arc<Function>,
    pub(crate) spec: Arc<TaskSpec>,
    pub(crate) issued: Timestamp,
    pub(crate) granted: Option<Granted>,
    /// What its function has printed, and when.
    pub(crate) printed: Vec<(String, Timestamp)>,
    pub(crate) answer: oneshot::Sender<Answer>,
}

/// The latest grant.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) lease: LeaseId,
    pub(crate) device: DeviceId,
    pub(crate) attempt: u32,
    pub(crate) at: Timestamp,
}

/// One that is over.
#[derive(Debug)]
pub(crate) struct Over {
    pub(crate) call: CallRef,
    pub(crate) single: Box<Single>,
    /// `None`: whoever asked has gone.
    pub(crate) outcome: Option<(Outcome, Option<Execution>)>,
    pub(crate) at: Timestamp,
}

impl Single {
    /// Its number among its task's calls.
    pub(crate) const NUMBER: u32 = 0;
}

impl Over {
    fn record(self) -> (EndedTask, oneshot::Sender<Answer>) {
        let Self {
            call,
            single,
            outcome,
            at,
        } = self;
        let number = Single::NUMBER;
        let Single {
            function,
            spec,
            issued,
            granted,
            printed,
            answer,
        } = *single;
        let mut entries = vec![Entry::Started { at: issued }];
        entries.push(Entry::Issued {
            call: number,
            function: function.spec.id.clone(),
            version: function.spec.version,
            // It is never replayed, so nobody looks for it by its arguments.
            key: Digest::of(call.to_string().as_bytes()),
            at: issued,
            joined: None,
            guess: false,
            write: None,
        });
        entries.extend(granted.map(|granted| Entry::Granted {
            call: number,
            lease: granted.lease,
            device: granted.device,
            attempt: granted.attempt,
            at: granted.at,
        }));
        entries.extend(printed.into_iter().map(|(text, at)| Entry::Logged {
            call: number,
            text,
            at,
        }));
        let end = match outcome {
            Some((outcome, execution)) => {
                let outcome = checks::outcome(&function, outcome);
                entries.push(Entry::Outcome {
                    call: number,
                    recorded: Recorded::Own(outcome),
                    at,
                    execution,
                    reused: None,
                });
                TaskEnd::Normal
            }
            None => {
                entries.push(Entry::Withdrawn { call: number, at });
                let detail = "whoever asked did not wait for the answer".to_owned();
                TaskEnd::Crashed { detail }
            }
        };
        entries.push(Entry::Ended { end, at });
        let task = EndedTask {
            id: call.task,
            spec,
            accepted: issued,
            started: issued,
            entries,
        };
        (task, answer)
    }
}

impl EndedTask {
    /// What its one call ended with.
    fn into_outcome(self) -> Option<Outcome> {
        self.entries.into_iter().find_map(|entry| match entry {
            Entry::Outcome {
                recorded: Recorded::Own(outcome),
                ..
            } => Some(outcome),
            _ => None,
        })
    }
}
