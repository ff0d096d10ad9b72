//! The paper's policy: strict order of arrival, one call to a lease.

use super::{Arrival, BatchQuestion, Policy, Priority, Swap};

#[derive(Debug)]
pub(crate) struct Fifo;

impl Policy for Fifo {
    fn priority(&self, arrival: &Arrival) -> Priority {
        Priority(arrival.sequence, 0)
    }

    fn shares_fairly(&self) -> bool {
        false
    }

    fn batch_size(&self, _: &BatchQuestion<'_>) -> u32 {
        1
    }

    fn prefers_what_pays(&self) -> bool {
        false
    }

    fn plans(&self) -> bool {
        false
    }

    fn warms(&self) -> bool {
        false
    }

    fn swaps(&self, swap: &Swap) -> bool {
        swap.comes_first
    }
}
