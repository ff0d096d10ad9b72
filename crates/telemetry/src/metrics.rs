//! Numbers with stable names, for Prometheus. `docs/metrics.md` lists them; a test compares.

mod counted;
mod histograms;
mod labels;
mod now;
mod open;
mod process;

use std::sync::{Mutex, MutexGuard, PoisonError};

use dice_engine::Now;
use dice_model::{FunctionId, LeaseUse, Outcome, PoolName, TaskEnd, TaskId, Timestamp, Usage};
use dice_runtime::{Append, Entry, Observer, Recorded, TaskSpec};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::registry::Registry;

use self::counted::Counted;
use self::labels::{Ended, Leased, OfFunction, OfWorkers, TaskEnded};
use self::open::OpenCalls;

/// What [`Metrics::text`] is.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Counts what happens from the engine's start on; what is there now is asked for at each scrape.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    counted: Counted,
    open: Mutex<OpenCalls>,
}

impl Metrics {
    pub fn new() -> Self {
        let mut registry = Registry::default();
        let counted = Counted::registered(&mut registry);
        Self {
            registry,
            counted,
            open: Mutex::default(),
        }
    }

    /// In the format of OpenMetrics, which Prometheus reads.
    pub fn text(&self, now: &Now) -> String {
        let mut momentary = Registry::default();
        now::register(&mut momentary, now, &self.open().waiting_since());
        process::register(&mut momentary);
        let mut text = String::new();
        encode_registry(&mut text, &self.registry)
            .and_then(|()| encode_registry(&mut text, &momentary))
            .and_then(|()| encode_eof(&mut text))
            .expect("a String takes everything");
        text
    }

    fn open(&self) -> MutexGuard<'_, OpenCalls> {
        // Metrics that miss a call are better than none.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn granted(&self, task: TaskId, call: u32, at: Timestamp) {
        if let Some((function, waited)) = self.open().granted(task, call, at) {
            let of = OfFunction::new(&function);
            self.counted.grants.get_or_create(&of).inc();
            if let Some(waited) = waited {
                self.counted.wait.get_or_create(&of).observe(waited);
            }
        }
    }

    fn call_ended(&self, task: TaskId, call: u32, outcome: &'static str) {
        if let Some(function) = self.open().ended(task, call) {
            let ended = Ended::new(&function, outcome);
            self.counted.calls_ended.get_or_create(&ended).inc();
        }
    }

    fn task_ended(&self, task: TaskId, end: &TaskEnd, at: Timestamp) {
        let (accepted, unfinished) = self.open().task_ended(task);
        for function in unfinished {
            let ended = Ended::new(&function, "withdrawn");
            self.counted.calls_ended.get_or_create(&ended).inc();
        }
        let ended = TaskEnded::new(end.state().word());
        self.counted.tasks_ended.get_or_create(&ended).inc();
        if let Some(accepted) = accepted {
            let took = histograms::seconds(accepted, at);
            self.counted.task.get_or_create(&ended).observe(took);
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Observer for Metrics {
    fn task_accepted(&self, task: TaskId, _spec: &TaskSpec, at: Timestamp) {
        self.counted.tasks_accepted.inc();
        self.open().accepted(task, at);
    }

    fn happened(&self, task: TaskId, entry: &Entry) {
        match entry {
            Entry::Issued {
                call, function, at, ..
            } => {
                let of = OfFunction::new(function);
                self.counted.calls_issued.get_or_create(&of).inc();
                self.open().issued(task, *call, function.clone(), *at);
            }
            Entry::Granted { call, at, .. } => self.granted(task, *call, *at),
            Entry::Outcome {
                call,
                recorded,
                execution,
                reused,
                ..
            } => {
                if let (Some(execution), Some(function)) =
                    (execution, self.open().function(task, *call))
                {
                    let took = execution.execute_ns as f64 / 1e9;
                    let of = OfFunction::new(&function);
                    self.counted.execute.get_or_create(&of).observe(took);
                }
                let word = reused.map_or_else(|| word(recorded), |_| "reused");
                self.call_ended(task, *call, word);
            }
            Entry::Withdrawn { call, .. } => self.call_ended(task, *call, "withdrawn"),
            Entry::Uncertain { call, .. } => self.call_ended(task, *call, "uncertain"),
            Entry::Ended { end, at } => self.task_ended(task, end, *at),
            _ => {}
        }
    }

    fn appended(&self, append: Append) {
        let entries = u64::try_from(append.entries).unwrap_or(u64::MAX);
        if append.durable {
            self.counted.journal_entries.inc_by(entries);
            self.counted.append.observe(append.took.as_secs_f64());
        } else {
            self.counted.journal_failures.inc();
        }
    }

    fn used(&self, usage: &Usage) {
        let Usage::Leased {
            device,
            function,
            from,
            to,
            purpose,
            ..
        } = usage
        else {
            return;
        };
        let took = histograms::seconds(*from, *to);
        let (word, calls) = match purpose {
            LeaseUse::Execute { calls } => ("execute", calls.len()),
            LeaseUse::Wasted { calls } => ("wasted", calls.len()),
            LeaseUse::Hedged { calls } => ("hedged", calls.len()),
            LeaseUse::Load => ("load", 0),
        };
        let leased = Leased::new(function, device, word);
        self.counted.lease.get_or_create(&leased).inc_by(took);
        let of = OfFunction::new(function);
        match purpose {
            LeaseUse::Load => self.counted.load.get_or_create(&of).observe(took),
            LeaseUse::Execute { calls: executed } => {
                self.open().executed(executed, function);
                let size = self.counted.batch.get_or_create(&of);
                size.observe(calls as f64);
            }
            LeaseUse::Wasted { .. } | LeaseUse::Hedged { .. } => {}
        }
    }

    fn worker_died(&self, pool: &PoolName, function: &FunctionId) {
        let died = OfWorkers::new(pool, function);
        self.counted.worker_deaths.get_or_create(&died).inc();
    }

    fn worker_outgrown(&self, pool: &PoolName, function: &FunctionId) {
        let outgrown = OfWorkers::new(pool, function);
        self.counted.worker_outgrown.get_or_create(&outgrown).inc();
    }
}

/// How a call ended, as a label.
fn word(recorded: &Recorded) -> &'static str {
    match recorded {
        Recorded::SameAs(_) => "shared",
        Recorded::Own(outcome) => of_outcome(outcome),
    }
}

pub(crate) fn of_outcome(outcome: &Outcome) -> &'static str {
    use dice_model::FailureKind as Kind;
    match outcome {
        Ok(_) => "ok",
        Err(failure) => match failure.kind {
            Kind::BadArguments => "bad_arguments",
            Kind::Raised => "raised",
            Kind::WorkerLost => "worker_lost",
            Kind::Deadline => "deadline",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTED: &str = include_str!("../../../docs/metrics.md");

    fn nothing_yet() -> Now {
        Now {
            at: Timestamp(0),
            pools: Vec::new(),
            rents: Vec::new(),
        }
    }

    /// Name, kind and meaning of every metric, from the lines that describe it.
    fn described(text: &str) -> Vec<[String; 3]> {
        let mut lines = text.lines().filter_map(|line| line.strip_prefix("# "));
        let mut metrics = Vec::new();
        while let (Some(help), Some(kind)) = (lines.next(), lines.next()) {
            let Some((name, meaning)) =
                help.strip_prefix("HELP ").and_then(|it| it.split_once(' '))
            else {
                break;
            };
            let kind = kind.rsplit(' ').next().expect("a word");
            let suffix = if kind == "counter" { "_total" } else { "" };
            // The format ends each meaning with a full stop.
            let meaning = meaning.trim_end_matches('.').to_owned();
            metrics.push([format!("{name}{suffix}"), kind.to_owned(), meaning]);
        }
        metrics
    }

    fn documented() -> Vec<[String; 3]> {
        let rows = DOCUMENTED.lines().filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
            let name = cells.next()?.trim_end_matches('`').to_owned();
            let (kind, _labels, meaning) = (cells.next()?, cells.next()?, cells.next()?);
            let known = ["counter", "gauge", "histogram"].contains(&kind);
            known.then(|| [name, kind.to_owned(), meaning.to_owned()])
        });
        rows.collect()
    }

    /// Metrics without a value are left out, so the other direction is tested on an engine that has
    /// done everything: `crates/cli/tests/commands/seeing.rs`.
    #[test]
    fn every_metric_is_documented() {
        let text = Metrics::new().text(&nothing_yet());
        let (described, documented) = (described(&text), documented());
        assert!(described.len() > 5, "{text}");
        for metric in described {
            assert!(documented.contains(&metric), "{metric:?}");
        }
        assert!(text.ends_with("# EOF\n"), "{text}");
    }

    #[test]
    fn a_call_is_counted_from_its_entries() {
        use dice_model::{CallRef, DeviceId, Digest, LeaseId, NodeId, Value};
        let metrics = Metrics::new();
        let (task, glip, device) = (TaskId(1), FunctionId::new("glip"), DeviceId::from("gpu-0"));
        let second = |seconds: u64| Timestamp(seconds * 1_000_000_000);
        metrics.happened(
            task,
            &Entry::Issued {
                call: 0,
                function: glip.clone(),
                version: Digest::of(b""),
                key: Digest::of(b""),
                at: second(1),
                joined: None,
                guess: false,
                write: None,
            },
        );
        metrics.happened(
            task,
            &Entry::Granted {
                call: 0,
                lease: LeaseId(1),
                device: device.clone(),
                attempt: 1,
                at: second(3),
            },
        );
        metrics.used(&Usage::Leased {
            pool: PoolName::default(),
            node: NodeId::from("node"),
            device,
            lease: LeaseId(1),
            function: glip,
            from: second(3),
            to: second(7),
            purpose: LeaseUse::Execute {
                calls: vec![CallRef { task, call: 0 }],
            },
        });
        metrics.happened(
            task,
            &Entry::Outcome {
                call: 0,
                recorded: Recorded::Own(Ok(Value::Null)),
                at: second(7),
                execution: None,
                reused: None,
            },
        );
        let text = metrics.text(&nothing_yet());
        for line in [
            r#"dice_calls_issued_total{function="glip"} 1"#,
            r#"dice_calls_ended_total{function="glip",outcome="ok"} 1"#,
            r#"dice_call_wait_seconds_sum{function="glip"} 2.0"#,
            r#"dice_lease_seconds_total{function="glip",device="gpu-0",purpose="execute"} 4.0"#,
            r#"dice_batch_calls_sum{function="glip"} 1.0"#,
        ] {
            assert!(text.lines().any(|have| have == line), "{line} in\n{text}");
        }
    }
}
