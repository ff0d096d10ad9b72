//! Results of declared-pure calls, for equal calls of other tasks (RUNTIME M2, S3): a bounded number of
//! them, each for a while. In memory only: a result that is used again is journalled with the task that uses
//! it, so nothing hangs on this.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use dice_model::{CallRef, Digest, TaskId, Tenant, Timestamp, Value};
use dice_wire::packed_bytes;

/// What is kept, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoOptions {
    pub entries: usize,
    /// Of results, as they would travel.
    pub bytes: usize,
    /// From when the result came; using it does not make it younger.
    pub keep: Duration,
}

impl Default for MemoOptions {
    /// A working day's photographs, in less memory than one model takes.
    fn default() -> Self {
        Self {
            entries: 100_000,
            bytes: 64 << 20,
            keep: Duration::from_secs(3600),
        }
    }
}

/// Of function, version and arguments; nobody gets another tenant's results.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct MemoKey {
    pub(crate) tenant: Tenant,
    pub(crate) call: Digest,
}

#[derive(Debug)]
pub(crate) struct Memo {
    options: MemoOptions,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    results: HashMap<MemoKey, Kept>,
    /// By their last use, oldest first.
    uses: BTreeMap<u64, MemoKey>,
    used: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    value: Value,
    of: CallRef,
    until: Timestamp,
    bytes: usize,
    used: u64,
}

impl Memo {
    pub(crate) fn new(options: MemoOptions) -> Self {
        let known = Mutex::default();
        Self { options, known }
    }

    /// The result of an equal call, and which one that was.
    pub(crate) fn get(&self, key: &MemoKey, now: Timestamp) -> Option<(Value, CallRef)> {
        let mut known = self.known();
        if known.results.get(key)?.until <= now {
            known.remove(key);
            return None;
        }
        known.used += 1;
        let used = known.used;
        let kept = known.results.get_mut(key)?;
        let before = std::mem::replace(&mut kept.used, used);
        let found = (kept.value.clone(), kept.of);
        let key = known.uses.remove(&before)?;
        known.uses.insert(used, key);
        Some(found)
    }

    /// `of` gave this result just now.
    pub(crate) fn keep(&self, key: MemoKey, value: &Value, of: CallRef, now: Timestamp) {
        let bytes = packed_bytes(value);
        if bytes > self.options.bytes / 16 {
            return; // It would push out too many others.
        }
        let mut known = self.known();
        known.remove(&key);
        known.used += 1;
        known.bytes += bytes;
        let used = known.used;
        known.uses.insert(used, key.clone());
        let kept = Kept {
            value: value.clone(),
            of,
            until: now + self.options.keep,
            bytes,
            used,
        };
        known.results.insert(key, kept);
        while known.results.len() > self.options.entries || known.bytes > self.options.bytes {
            let Some(oldest) = known.uses.values().next().cloned() else {
                return;
            };
            known.remove(&oldest);
        }
    }

    /// What came from its calls is not given to anybody any more (D1).
    pub(crate) fn forget(&self, task: TaskId) {
        let mut known = self.known();
        let of_task = known
            .results
            .iter()
            .filter(|(_, kept)| kept.of.task == task);
        let of_task: Vec<MemoKey> = of_task.map(|(key, _)| key.clone()).collect();
        of_task.iter().for_each(|key| known.remove(key));
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known
            .lock()
            .expect("nothing panics while it holds this")
    }
}

impl Known {
    fn remove(&mut self, key: &MemoKey) {
        if let Some(kept) = self.results.remove(key) {
            self.uses.remove(&kept.used);
            self.bytes -= kept.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn memo(entries: usize) -> Memo {
        Memo::new(MemoOptions {
            entries,
            keep: 10 * SECOND,
            ..MemoOptions::default()
        })
    }

    fn key(call: u8) -> MemoKey {
        MemoKey {
            tenant: Tenant::default(),
            call: Digest::of(&[call]),
        }
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::ZERO + Duration::from_secs(seconds)
    }

    fn of(task: u64) -> CallRef {
        let task = TaskId(task);
        CallRef { task, call: 3 }
    }

    #[test]
    fn a_result_is_known_for_its_time_and_to_its_tenant() {
        let memo = memo(10);
        memo.keep(key(1), &Value::from(7), of(5), at(0));
        assert_eq!(memo.get(&key(1), at(9)), Some((Value::from(7), of(5))));
        let other = MemoKey {
            tenant: Tenant::new("other"),
            ..key(1)
        };
        assert_eq!(memo.get(&other, at(0)), None);
        assert_eq!(
            memo.get(&key(1), at(10)),
            None,
            "its use made it no younger"
        );
        assert_eq!(memo.known().bytes, 0);
    }

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let memo = memo(3);
        for call in 0..3 {
            memo.keep(key(call), &Value::from(i64::from(call)), of(1), at(0));
        }
        assert!(memo.get(&key(0), at(1)).is_some());
        memo.keep(key(9), &Value::from(9), of(1), at(1));
        let known = [0, 1, 2, 9].map(|call| memo.get(&key(call), at(1)).is_some());
        assert_eq!(known, [true, false, true, true]);
        let known = memo.known();
        assert_eq!((known.results.len(), known.uses.len()), (3, 3));
    }

    #[test]
    fn what_is_too_large_or_too_much_is_not_kept() {
        let memo = Memo::new(MemoOptions {
            bytes: 16_000,
            ..MemoOptions::default()
        });
        let text = |length: usize| Value::from("x".repeat(length));
        memo.keep(key(1), &text(1_001), of(1), at(0));
        assert_eq!(memo.get(&key(1), at(0)), None);
        for call in 0..100 {
            memo.keep(key(call), &text(900), of(1), at(0));
        }
        assert!(memo.known().bytes <= 16_000);
        assert!(memo.known().results.len() > 10);
    }

    /// RUNTIME D1.
    #[test]
    fn results_of_a_forgotten_task_are_forgotten() {
        let memo = memo(10);
        memo.keep(key(1), &Value::from(1), of(1), at(0));
        memo.keep(key(2), &Value::from(2), of(2), at(0));
        memo.forget(TaskId(1));
        assert_eq!(memo.get(&key(1), at(0)), None);
        assert!(memo.get(&key(2), at(0)).is_some());
    }
}
