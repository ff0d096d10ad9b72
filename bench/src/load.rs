//! Load: so many calls in flight, each answered before its successor is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What one measurement is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Case {
    pub(crate) body: usize,
    pub(crate) in_flight: usize,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    /// Sorted.
    pub(crate) latencies: Vec<Duration>,
    pub(crate) elapsed: Duration,
    /// Of the system's processes, all of them.
    pub(crate) cpu: Duration,
}

/// One after the other, over a connection of its own.
pub(crate) trait Caller: Send + 'static {
    fn call(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

impl Case {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let bodies = [0, 200_000, 3_000_000];
        bodies
            .into_iter()
            .flat_map(|body| [1, 16, 64].map(|in_flight| Self { body, in_flight }))
    }
}

impl Measured {
    pub(crate) fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    pub(crate) fn quantile(&self, of: f64) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        let at = (last as f64 * of).round() as usize;
        self.latencies.get(at).copied().unwrap_or_default()
    }

    /// Milliseconds of processor a call.
    pub(crate) fn cpu_ms(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e3 / self.latencies.len().max(1) as f64
    }
}

/// Until `time` has passed; each call that was begun is waited for.
pub(crate) async fn run<C: Caller>(callers: Vec<C>, time: Duration) -> anyhow::Result<Measured> {
    let over = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let tasks: Vec<_> = callers
        .into_iter()
        .map(|mut caller| {
            let over = Arc::clone(&over);
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let sent = Instant::now();
                    caller.call().await?;
                    latencies.push(sent.elapsed());
                }
                anyhow::Ok(latencies)
            })
        })
        .collect();
    tokio::time::sleep(time).await;
    over.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let elapsed = began.elapsed();
    latencies.sort_unstable();
    Ok(Measured {
        latencies,
        elapsed,
        cpu: Duration::ZERO,
    })
}
