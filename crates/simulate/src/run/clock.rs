//! Virtual time, and what comes when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use dice_model::Timestamp;

/// Things at one moment come in the order in which they were announced.
#[derive(Debug)]
pub(crate) struct Clock<T> {
    now: Timestamp,
    coming: BinaryHeap<Reverse<Entry<T>>>,
    announced: u64,
}

#[derive(Debug)]
struct Entry<T> {
    at: Timestamp,
    number: u64,
    what: T,
}

impl<T> Default for Clock<T> {
    fn default() -> Self {
        Self {
            now: Timestamp::ZERO,
            coming: BinaryHeap::new(),
            announced: 0,
        }
    }
}

impl<T> Clock<T> {
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn at(&mut self, at: Timestamp, what: T) {
        self.announced += 1;
        self.coming.push(Reverse(Entry {
            at,
            number: self.announced,
            what,
        }));
    }

    /// To the next moment at which something comes, or to `wake` if that is earlier. `None`: nothing
    /// will ever happen again.
    pub(crate) fn advance(&mut self, wake: Option<Timestamp>) -> Option<Timestamp> {
        let next = self.coming.peek().map(|Reverse(entry)| entry.at);
        let at = [next, wake].into_iter().flatten().min()?;
        self.now = self.now.max(at);
        Some(self.now)
    }

    /// What comes now; one at a time, since it may announce more.
    pub(crate) fn due(&mut self) -> Option<T> {
        let Reverse(next) = self.coming.peek()?;
        if next.at > self.now {
            return None;
        }
        self.coming.pop().map(|Reverse(entry)| entry.what)
    }
}

impl<T> Entry<T> {
    const fn key(&self) -> (Timestamp, u64) {
        (self.at, self.number)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
