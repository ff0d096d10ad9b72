//! Following a task: its journal from the beginning, and then whatever is added.

use std::collections::BTreeMap;

use dice_model::{CallRef, Digest, FunctionId, Outcome, TaskId, Timestamp};
use futures::Stream;

use super::Handle;
use crate::JournalError;
use crate::journal::{Entry, Execution, News, Recorded, Tail};
use crate::record::Resolution;

const PAGE: usize = 512;

/// What happened in a task, and when in its order: pass the last one's sequence + 1 to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskEvent {
    pub sequence: u64,
    pub entry: Entry,
}

/// A call of a task, as its entries tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRecord {
    pub call: u32,
    pub function: FunctionId,
    pub version: Digest,
    pub key: Digest,
    pub issued: Timestamp,
    /// The latest grant.
    pub granted: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    pub execution: Option<Execution>,
    /// Grants so far.
    pub attempts: u32,
    /// The equal call whose result it got.
    pub shared: Option<u32>,
    /// The equal call of another task whose remembered result it got.
    pub reused: Option<CallRef>,
    pub state: CallState,
    /// Granted, and then nobody waited for it any more.
    pub wasted: bool,
    /// If it was made before anybody knew whether the program makes it (E3).
    pub guess: Option<Guessed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guessed {
    /// The program made an equal call.
    Right,
    /// It has not, so far.
    InVain,
}

/// Lines that a call printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallLog {
    pub call: u32,
    pub function: FunctionId,
    pub text: String,
    pub at: Timestamp,
}

/// What a call gave the program.
#[derive(Debug, Clone, PartialEq)]
pub struct CallResult {
    pub call: u32,
    pub function: FunctionId,
    /// The lease that made it; `None`: no worker was asked.
    pub execution: Option<Execution>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CallState {
    Waiting,
    Granted,
    Succeeded,
    Failed(dice_model::CallFailure),
    Withdrawn,
    Uncertain,
}

struct Follower {
    handle: Handle,
    task: TaskId,
    next: u64,
    read: std::collections::VecDeque<(u64, Entry)>,
    tail: Tail,
    /// Everything that was in the journal has been read; what is added is heard.
    caught_up: bool,
    over: bool,
}

impl Handle {
    /// Everything from `from` on (sequences count from 1), then what is added, until the task's end.
    /// Bytes of output and outcomes come when they are durable.
    pub fn watch(
        &self,
        task: TaskId,
        from: u64,
    ) -> impl Stream<Item = Result<TaskEvent, JournalError>> + Send + use<> {
        let follower = Follower {
            handle: self.clone(),
            task,
            next: from.max(1),
            read: std::collections::VecDeque::new(),
            tail: self.0.shared.tails.follow(task),
            caught_up: false,
            over: false,
        };
        futures::stream::unfold(follower, |mut follower| async move {
            let event = follower.next().await?;
            Some((event, follower))
        })
    }

    /// What functions printed while they executed the task's calls, so far, in order.
    pub async fn logged(&self, task: TaskId) -> Result<Vec<CallLog>, JournalError> {
        let entries = self.journal().entries(task, 0, usize::MAX).await?;
        let mut functions = BTreeMap::new();
        let mut logs = Vec::new();
        for (_, entry) in entries {
            match entry {
                Entry::Issued { call, function, .. } => drop(functions.insert(call, function)),
                Entry::Logged { call, text, at } => logs.extend(functions.get(&call).map(|it| {
                    let function = it.clone();
                    CallLog {
                        call,
                        function,
                        text,
                        at,
                    }
                })),
                _ => {}
            }
        }
        Ok(logs)
    }

    /// What the task's calls gave so far, in the order of their issue. A call that got an equal call's
    /// result has that result.
    pub async fn results(&self, task: TaskId) -> Result<Vec<CallResult>, JournalError> {
        let entries = self.journal().entries(task, 0, usize::MAX).await?;
        let mut functions = BTreeMap::new();
        let mut results = BTreeMap::new();
        for (_, entry) in entries {
            match entry {
                Entry::Issued { call, function, .. } => drop(functions.insert(call, function)),
                Entry::Outcome {
                    call,
                    recorded,
                    execution,
                    ..
                } => note_result(&functions, &mut results, call, recorded, execution),
                Entry::Resolved {
                    call,
                    resolution: Resolution::Happened(value),
                    ..
                } => note_result(
                    &functions,
                    &mut results,
                    call,
                    Recorded::Own(Ok(value)),
                    None,
                ),
                _ => {}
            }
        }
        Ok(results.into_values().collect())
    }

    /// For timelines and lists; in the order of their issue.
    pub async fn calls(&self, task: TaskId) -> Result<Vec<CallRecord>, JournalError> {
        let entries = self.journal().entries(task, 0, usize::MAX).await?;
        let mut calls = BTreeMap::new();
        for (_, entry) in entries {
            note(&mut calls, entry);
        }
        Ok(calls.into_values().collect())
    }
}

impl Follower {
    async fn next(&mut self) -> Option<Result<TaskEvent, JournalError>> {
        loop {
            if let Some((sequence, entry)) = self.read.pop_front() {
                self.next = sequence + 1;
                self.over = self.read.is_empty() && matches!(entry, Entry::Ended { .. });
                return Some(Ok(TaskEvent { sequence, entry }));
            }
            if self.caught_up && !self.over {
                match self.tail.next().await? {
                    News::Entries(last, entries) => self.hear(last, &entries),
                    News::Unknown => self.caught_up = false,
                }
                continue;
            }
            // Before the read: what is added meanwhile is heard again, and known by its sequence.
            self.tail.clear();
            let journal = self.handle.journal();
            match journal.entries(self.task, self.next, PAGE).await {
                Err(error) if self.over => {
                    tracing::debug!(%error, "nothing more was expected");
                    return None;
                }
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
                Ok(entries) if entries.is_empty() => {
                    if let Err(error) = self.handle.0.shared.working()
                        && !std::mem::replace(&mut self.over, true)
                    {
                        return Some(Err(error));
                    }
                    if self.over || self.is_unknown().await {
                        return None;
                    }
                    self.caught_up = true;
                }
                Ok(entries) => self.read.extend(entries),
            }
        }
    }

    fn hear(&mut self, last: u64, entries: &[Entry]) {
        let first = last + 1 - entries.len() as u64;
        if first > self.next {
            self.caught_up = false; // some were not heard: they are read
            return;
        }
        let numbered = (first..).zip(entries.iter().cloned());
        self.read
            .extend(numbered.filter(|(sequence, _)| *sequence >= self.next));
    }

    /// Never accepted, or forgotten.
    async fn is_unknown(&self) -> bool {
        matches!(self.handle.journal().task(self.task).await, Ok(None))
    }
}

fn note_result(
    functions: &BTreeMap<u32, FunctionId>,
    results: &mut BTreeMap<u32, CallResult>,
    call: u32,
    recorded: Recorded,
    execution: Option<Execution>,
) {
    let outcome = match recorded {
        Recorded::Own(outcome) => Some(outcome),
        Recorded::SameAs(leader) => results.get(&leader).map(|leader| leader.outcome.clone()),
    };
    if let (Some(function), Some(outcome)) = (functions.get(&call).cloned(), outcome) {
        let result = CallResult {
            call,
            function,
            execution,
            outcome,
        };
        results.insert(call, result);
    }
}

fn note(calls: &mut BTreeMap<u32, CallRecord>, entry: Entry) {
    if let Entry::Issued {
        call,
        function,
        version,
        key,
        at,
        joined,
        guess,
        ..
    } = entry
    {
        let leader = joined.and_then(|leader| calls.get_mut(&leader));
        if let Some(guess) = leader
            .and_then(|leader| leader.guess.as_mut())
            .filter(|_| !guess)
        {
            *guess = Guessed::Right;
        }
        let record = CallRecord {
            call,
            function,
            version,
            key,
            issued: at,
            granted: None,
            ended: None,
            execution: None,
            attempts: 0,
            shared: None,
            reused: None,
            state: CallState::Waiting,
            wasted: false,
            guess: guess.then_some(Guessed::InVain),
        };
        calls.insert(call, record);
        return;
    }
    let record = entry.call().and_then(|call| calls.get_mut(&call));
    let Some(record) = record else {
        return;
    };
    match entry {
        Entry::Granted { attempt, at, .. } => {
            record.granted = Some(at);
            record.attempts = attempt;
            record.state = CallState::Granted;
        }
        Entry::Outcome {
            recorded,
            at,
            execution,
            reused,
            ..
        } => {
            record.ended = Some(at);
            record.execution = execution;
            record.reused = reused;
            record.state = match recorded {
                Recorded::Own(Err(failure)) => CallState::Failed(failure),
                Recorded::Own(Ok(_)) => CallState::Succeeded,
                Recorded::SameAs(leader) => {
                    record.shared = Some(leader);
                    CallState::Succeeded
                }
            };
        }
        Entry::Withdrawn { at, .. } => {
            record.wasted = record.state == CallState::Granted;
            record.ended = Some(at);
            record.state = CallState::Withdrawn;
        }
        Entry::Uncertain { at, .. } => {
            record.ended = Some(at);
            record.state = CallState::Uncertain;
        }
        Entry::Resolved {
            at,
            resolution: Resolution::Happened(_),
            ..
        } => {
            record.ended = Some(at);
            record.state = CallState::Succeeded;
        }
        Entry::Resolved { .. } => {
            record.ended = None;
            record.state = CallState::Waiting;
        }
        _ => {}
    }
}
