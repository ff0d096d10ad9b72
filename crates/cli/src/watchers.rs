//! What watches the engine of this process: metrics and log always, traces where they are asked for.

use std::path::Path;
use std::sync::Arc;

use dice_runtime::{Observer, Observers};
use dice_telemetry::{Log, Metrics, Traces};

use crate::arguments::Global;
use crate::exit::Failure;

#[derive(Debug)]
pub(crate) struct Watchers {
    pub(crate) metrics: Arc<Metrics>,
    traces: Option<Arc<Traces>>,
}

impl Watchers {
    pub(crate) fn new(global: &Global, data: &Path) -> Result<Self, Failure> {
        let traces = global.otlp.as_deref().map(|url| traces(url, data));
        Ok(Self {
            metrics: Arc::new(Metrics::new()),
            traces: traces.transpose()?.map(Arc::new),
        })
    }

    pub(crate) fn observers(&self) -> Observers {
        let metrics = Arc::clone(&self.metrics) as Arc<dyn Observer>;
        let traces = self
            .traces
            .clone()
            .map(|traces| traces as Arc<dyn Observer>);
        Observers::new([metrics, Arc::new(Log)].into_iter().chain(traces))
    }

    /// Sends what is left.
    pub(crate) async fn finish(self) {
        if let Some(traces) = self.traces {
            // What it has to say, it has logged.
            let _ = tokio::task::spawn_blocking(move || traces.finish()).await;
        }
    }
}

/// Tasks have numbers: machine and data folder tell equal ones apart.
fn traces(url: &str, data: &Path) -> Result<Traces, Failure> {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let namespace = format!("{}:{}", host.trim(), data.display());
    Traces::new(url, &namespace).map_err(|error| {
        Failure::usage(format!("--otlp {url}: {error}"))
            .hint("give the base address of an OTLP collector, as in http://127.0.0.1:4318")
    })
}
