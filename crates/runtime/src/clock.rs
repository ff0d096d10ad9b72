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
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Self(Arc::new(Anchor {
            wall: Timestamp::ZERO + since_epoch,
            monotonic: Instant::now(),
        }))
    }

    pub fn now(&self) -> Timestamp {
        self.0.wall + self.0.monotonic.elapsed()
    }

    /// When to wake up for `at`.
    pub(crate) fn instant(&self, at: Timestamp) -> Instant {
        self.0.monotonic + at.since(self.0.wall)
    }
}
