//! What is counted from the engine's start on.

use std::hash::Hash;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

use super::histograms::{of_moments, of_seconds, of_sizes};
use super::labels::{Ended, Leased, OfFunction, OfWorkers, TaskEnded};

type Histograms<Labels> = Family<Labels, Histogram, fn() -> Histogram>;
type Seconds = Counter<f64, AtomicU64>;

#[derive(Debug)]
pub(super) struct Counted {
    pub(super) tasks_accepted: Counter,
    pub(super) tasks_ended: Family<TaskEnded, Counter>,
    pub(super) task: Histograms<TaskEnded>,
    pub(super) calls_issued: Family<OfFunction, Counter>,
    pub(super) grants: Family<OfFunction, Counter>,
    pub(super) calls_ended: Family<Ended, Counter>,
    pub(super) wait: Histograms<OfFunction>,
    pub(super) execute: Histograms<OfFunction>,
    pub(super) batch: Histograms<OfFunction>,
    pub(super) load: Histograms<OfFunction>,
    pub(super) lease: Family<Leased, Seconds>,
    pub(super) worker_deaths: Family<OfWorkers, Counter>,
    pub(super) worker_outgrown: Family<OfWorkers, Counter>,
    pub(super) append: Histogram,
    pub(super) journal_entries: Counter,
    pub(super) journal_failures: Counter,
}

impl Counted {
    /// Counters have `_total` added to their names, by the format's rules.
    #[rustfmt::skip]
    pub(super) fn registered(registry: &mut Registry) -> Self {
        let mut add = Adder(registry);
        Self {
            tasks_accepted: add.one("dice_tasks_accepted", "Tasks that became durable"),
            tasks_ended: add.family("dice_tasks_ended", "Tasks that ended, by their state"),
            task: add.histograms("dice_task_seconds", "From a task's acceptance to its end", of_seconds),
            calls_issued: add.family("dice_calls_issued", "Calls that programs made, joined ones included"),
            grants: add.family("dice_calls_granted", "Attempts: more than calls where some were tried again"),
            calls_ended: add.family("dice_calls_ended", "Calls that ended, by outcome"),
            wait: add.histograms("dice_call_wait_seconds", "From a call's issue to its first grant", of_seconds),
            execute: add.histograms("dice_call_execute_seconds", "What the worker needed for the call's batch, as it says", of_seconds),
            batch: add.histograms("dice_batch_calls", "Calls in a lease that were answered and wanted", of_sizes),
            load: add.histograms("dice_load_seconds", "Loading a model, failed loads included", of_seconds),
            lease: add.family("dice_lease_seconds", "Device time, by what it was held for"),
            worker_deaths: add.family("dice_worker_deaths", "Workers' processes that ended unasked"),
            worker_outgrown: add.family("dice_worker_outgrown", "Workers that held much more memory than they should, and were replaced"),
            append: add.one_of("dice_journal_append_seconds", "From asking the journal to being durable", of_moments()),
            journal_entries: add.one("dice_journal_entries", "Entries that became durable"),
            journal_failures: add.one("dice_journal_failures", "Appends that failed: the engine takes nothing more"),
        }
    }
}

struct Adder<'a>(&'a mut Registry);

impl Adder<'_> {
    fn one_of<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }

    fn one<M: Metric + Clone + Default>(&mut self, name: &str, help: &str) -> M {
        self.one_of(name, help, M::default())
    }

    fn family<L, M>(&mut self, name: &str, help: &str) -> Family<L, M>
    where
        L: Clone + Hash + Eq + EncodeLabelSet + std::fmt::Debug + Send + Sync + 'static,
        M: Metric + Default + prometheus_client::metrics::TypedMetric,
    {
        self.one_of(name, help, Family::default())
    }

    fn histograms<L>(&mut self, name: &str, help: &str, make: fn() -> Histogram) -> Histograms<L>
    where
        L: Clone + Hash + Eq + EncodeLabelSet + std::fmt::Debug + Send + Sync + 'static,
    {
        self.one_of(name, help, Family::new_with_constructor(make))
    }
}
