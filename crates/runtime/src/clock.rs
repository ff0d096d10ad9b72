//! The one clock: monotonic, anchored once to the wall clock, made at the start and passed in.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dice_model::Timestamp;
use tokio::time::Instant;

/// Never runs backwards; a step of the wall clock after the start does not reach it.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Anchor>);

#[derive(Debug)]
struct Anchor {
    wall: Timestamp,
    monotonic: Instant,
}

impl Clock {
    /// By the machine's clock.
    pub fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Self::at(Timestamp::ZERO + since_epoch)
    }

    /// It is this late now.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Anchor {
            wall: now,
            monotonic: Instant::now(),
        }))
    }

    /// Not earlier than `time`, which somebody has seen already: the machine's clock was set back, or
    /// went ahead then. Spans stay right; the time of day is that of the wrong clock for so long.
    pub(crate) fn not_before(self, time: Timestamp) -> Self {
        let now = self.now();
        if now >= time {
            return self;
        }
        let behind = time.since(now);
        tracing::warn!(
            ?behind,
            "the machine's clock is behind the newest time in the journal; times go on from there"
        );
        Self::at(time)
    }

    pub fn now(&self) -> Timestamp {
        self.0.wall + self.0.monotonic.elapsed()
    }

    /// When to wake up for `at`.
    pub(crate) fn instant(&self, at: Timestamp) -> Instant {
        self.0.monotonic + at.since(self.0.wall)
    }
}
