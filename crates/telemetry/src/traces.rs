//! Spans for OpenTelemetry, over OTLP: task → call → queue (with the load it waited for), lease → execute.
//!
//! Spans are made when they are over, from what the journal is given, so they have ids that follow from
//! task and call: whoever knows those finds the trace, and an engine that resumes a task adds to it.

mod exporter;
mod ids;
mod open;

use std::sync::{Mutex, MutexGuard, PoisonError};

use dice_model::{CallRef, DeviceId, FunctionId, LeaseId, LeaseUse, TaskEnd, TaskId, Timestamp};
use dice_model::{TaskState, Usage};
use dice_runtime::{Entry, Execution, Observer, Recorded, TaskSpec};
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanId;

use self::exporter::{Exporter, Span};
use self::ids::Ids;
use self::open::{Open, OpenCall, OpenTask, Span as Interval};
use crate::metrics::of_outcome;

pub use self::exporter::ExporterError;

/// Sends spans in batches, beside everything else; what cannot be sent is lost, and a log line says so.
#[derive(Debug)]
pub struct Traces {
    ids: Ids,
    exporter: Exporter,
    open: Mutex<Open>,
}

impl Traces {
    /// `endpoint`: as `OTEL_EXPORTER_OTLP_ENDPOINT`, without `/v1/traces`. `namespace`: tells tasks of
    /// different data folders apart.
    pub fn new(endpoint: &str, namespace: &str) -> Result<Self, ExporterError> {
        Ok(Self {
            ids: Ids::new(namespace),
            exporter: Exporter::new(endpoint)?,
            open: Mutex::default(),
        })
    }

    /// Sends what is left; blocks meanwhile.
    pub fn finish(&self) {
        self.exporter.finish();
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, call: CallRef, id: SpanId, parent: SpanId, name: String, of: Spanned) {
        let mut attributes = vec![
            KeyValue::new("dice.task", number(call.task.0)),
            KeyValue::new("dice.call", i64::from(call.call)),
        ];
        attributes.extend(of.attributes);
        self.exporter.send(Span {
            trace: self.ids.trace(call.task),
            id,
            parent,
            name,
            from: of.interval.from,
            to: of.interval.to,
            attributes,
            error: of.error,
        });
    }

    fn granted(&self, call: CallRef, lease: LeaseId, device: &DeviceId, at: Timestamp) {
        let granted = self.open().granted(call, device, at);
        let Some((function, waited, load)) = granted else {
            return;
        };
        let queue = self.ids.of_lease(call, "queue", lease);
        let attributes = vec![function_is(&function)];
        let of = Spanned::new(waited, attributes);
        self.send(call, queue, self.ids.call(call), "queue".to_owned(), of);
        if let Some(load) = load {
            let id = self.ids.of_lease(call, "load", lease);
            let attributes = vec![function_is(&function), device_is(device)];
            let of = Spanned::new(load, attributes);
            self.send(call, id, queue, "load".to_owned(), of);
        }
    }

    fn executed(&self, call: CallRef, execution: &Execution, at: Timestamp) {
        let began = Timestamp(at.0.saturating_sub(execution.execute_ns));
        let interval = Interval {
            from: began.max(execution.granted),
            to: at,
        };
        let id = self.ids.of_lease(call, "execute", execution.lease);
        let lease = self.ids.of_lease(call, "lease", execution.lease);
        let attempt = KeyValue::new("dice.attempt", i64::from(execution.attempt));
        let attributes = vec![device_is(&execution.device), attempt];
        let of = Spanned::new(interval, attributes);
        self.send(call, id, lease, "execute".to_owned(), of);
    }

    fn call_ended(&self, call: CallRef, outcome: &'static str, at: Timestamp) {
        let ended = self.open().call_ended(call);
        if let Some(open) = ended {
            self.send_call(call, &open, outcome, at);
        }
    }

    fn send_call(&self, call: CallRef, open: &OpenCall, outcome: &'static str, at: Timestamp) {
        let interval = Interval {
            from: open.issued,
            to: at,
        };
        let outcome_is = KeyValue::new("dice.outcome", outcome);
        let mut of = Spanned::new(interval, vec![function_is(&open.function), outcome_is]);
        of.error = (!["ok", "shared", "reused", "withdrawn"].contains(&outcome)).then_some(outcome);
        let (id, parent) = (self.ids.call(call), self.ids.task(call.task));
        self.send(call, id, parent, format!("call {}", open.function), of);
    }

    fn task_ended(&self, task: TaskId, end: &TaskEnd, at: Timestamp) {
        let (open, unfinished) = self.open().task_ended(task);
        for (call, open) in unfinished {
            self.send_call(call, &open, "withdrawn", at);
        }
        // Accepted by an earlier engine, whose spans of it are there.
        let Some(open) = open else { return };
        let state = end.state();
        self.exporter.send(Span {
            trace: self.ids.trace(task),
            id: self.ids.task(task),
            parent: SpanId::INVALID,
            name: format!("task {}", open.program),
            from: open.accepted,
            to: at,
            attributes: vec![
                KeyValue::new("dice.task", number(task.0)),
                KeyValue::new("dice.pool", open.pool),
                KeyValue::new("dice.state", state.word()),
            ],
            error: (state != TaskState::Done).then_some(end.word()),
        });
    }
}

impl Observer for Traces {
    fn task_accepted(&self, task: TaskId, spec: &TaskSpec, at: Timestamp) {
        let open = OpenTask {
            accepted: at,
            program: spec.filename.clone(),
            pool: spec.pool.to_string(),
        };
        self.open().accepted(task, open);
    }

    fn happened(&self, task: TaskId, entry: &Entry) {
        let Some(call) = entry.call_ref(task) else {
            if let Entry::Ended { end, at } = entry {
                self.task_ended(task, end, *at);
            }
            return;
        };
        match entry {
            Entry::Issued { function, at, .. } => {
                self.open()
                    .issued(call, OpenCall::new(function.clone(), *at));
            }
            Entry::Granted {
                lease, device, at, ..
            } => self.granted(call, *lease, device, *at),
            Entry::Outcome {
                recorded,
                at,
                execution,
                reused,
                ..
            } => {
                if let Some(execution) = execution {
                    self.executed(call, execution, *at);
                }
                let outcome = match recorded {
                    Recorded::SameAs(_) => "shared",
                    Recorded::Own(_) if reused.is_some() => "reused",
                    Recorded::Own(outcome) => of_outcome(outcome),
                };
                self.call_ended(call, outcome, *at);
            }
            Entry::Withdrawn { at, .. } => self.call_ended(call, "withdrawn", *at),
            Entry::Uncertain { at, .. } => self.call_ended(call, "uncertain", *at),
            _ => {}
        }
    }

    fn used(&self, usage: &Usage) {
        let Usage::Leased {
            device,
            lease,
            function,
            from,
            to,
            purpose,
            ..
        } = usage
        else {
            return;
        };
        let interval = Interval {
            from: *from,
            to: *to,
        };
        let (calls, used) = match purpose {
            LeaseUse::Load => return self.open().loaded(function, device, interval),
            LeaseUse::Execute { calls } => (calls, true),
            LeaseUse::Wasted { calls } | LeaseUse::Hedged { calls } => (calls, false),
        };
        for &call in calls {
            if !used {
                self.open().lost(call, *to);
            }
            let attributes = vec![
                function_is(function),
                device_is(device),
                KeyValue::new("dice.lease", number(lease.0)),
                KeyValue::new("dice.batch", number(calls.len() as u64)),
                KeyValue::new("dice.wasted", !used),
            ];
            let id = self.ids.of_lease(call, "lease", *lease);
            let of = Spanned::new(interval, attributes);
            self.send(call, id, self.ids.call(call), "lease".to_owned(), of);
        }
    }
}

/// What is told of a part of a call.
struct Spanned {
    interval: Interval,
    attributes: Vec<KeyValue>,
    error: Option<&'static str>,
}

impl Spanned {
    const fn new(interval: Interval, attributes: Vec<KeyValue>) -> Self {
        Self {
            interval,
            attributes,
            error: None,
        }
    }
}

fn function_is(function: &FunctionId) -> KeyValue {
    KeyValue::new("dice.function", function.to_string())
}

fn device_is(device: &DeviceId) -> KeyValue {
    KeyValue::new("dice.device", device.0.clone())
}

/// OpenTelemetry has no unsigned numbers.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
