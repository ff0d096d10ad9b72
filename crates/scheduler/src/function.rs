//! A function as the scheduler sees it: its queue, its devices, and how long it takes.

use std::collections::BTreeSet;
use std::time::Duration;

use dice_model::{DeviceType, Effect, FunctionSpec, Timestamp};

use crate::fleet::{ClassIndex, DeviceIndex, Rank};
use crate::followers::Followers;
use crate::hedging::Spread;
use crate::paths::{Follows, Tail};
use crate::plan::nanoseconds;
use crate::queue::Queue;
use crate::{Profile, Scale};

/// Place in [`crate::Scheduler`]'s list of functions; never given to another one.
pub(crate) type FunctionIndex = u32;

#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) spec: FunctionSpec,
    pub(crate) profile: Profile,
    pub(crate) offered: bool,
    /// Devices to keep it on, calls or not.
    pub(crate) wanted: u32,
    pub(crate) scale: Scale,
    /// Its idle copies will be looked at.
    pub(crate) idle_timer: bool,
    /// Its copies at work will be looked at.
    pub(crate) late_timer: bool,
    /// Some of them were at work for too long when they were last looked at.
    pub(crate) has_late: bool,
    pub(crate) queue: Queue,
    /// Calls under a lease.
    pub(crate) granted: usize,
    /// Devices that have it in any state.
    pub(crate) devices: BTreeSet<DeviceIndex>,
    /// Those that have it ready and hold no lease, fastest first.
    pub(crate) idle: BTreeSet<(Rank, DeviceIndex)>,
    pub(crate) ready: u32,
    /// Planned or loading.
    pub(crate) loading: u32,
    /// Failed loads and deaths in a row.
    pub(crate) failures: u32,
    /// Where the last load failed: elsewhere is tried first.
    pub(crate) avoid: Option<DeviceIndex>,
    /// No load before this.
    pub(crate) retry_at: Option<Timestamp>,
    /// The last grant, or when the queue stopped being empty.
    pub(crate) waiting_since: Timestamp,
    pub(crate) waiting_timer: bool,
    /// By when the first plan since `waiting_since` means to have granted it something, at the latest.
    pub(crate) promised: Option<Timestamp>,
    pub(crate) followers: Followers,
    /// What comes after a call of it.
    pub(crate) tail: Tail,
    pub(crate) follows: Follows,
    /// Nanoseconds of device time that a call takes in full batches, on average over the fleet; 0 as long
    /// as nobody knows.
    pub(crate) work: u64,
    /// Nanoseconds that a call is expected to take, wherever it runs; 0 as long as nobody knows.
    pub(crate) usual: u64,
    /// In the list of functions whose queue is to be looked at.
    pub(crate) dirty: bool,
    /// Most memory that a worker has ever said it holds.
    measured_bytes: u64,
    learned: Vec<Learned>,
}

/// Seen by ourselves, per class of devices; used where the profile says nothing.
#[derive(Debug, Clone, Default)]
struct Learned {
    load: Option<Duration>,
    per_call: Option<Duration>,
    spread: Spread,
}

impl Function {
    pub(crate) fn new(spec: FunctionSpec, profile: Profile, scale: Scale) -> Self {
        Self {
            tail: Tail::default(),
            follows: Follows::default(),
            work: 0,
            usual: usual(&profile),
            spec,
            profile,
            offered: true,
            wanted: scale.least,
            scale,
            idle_timer: false,
            late_timer: false,
            has_late: false,
            queue: Queue::default(),
            granted: 0,
            devices: BTreeSet::new(),
            idle: BTreeSet::new(),
            ready: 0,
            loading: 0,
            failures: 0,
            avoid: None,
            retry_at: None,
            waiting_since: Timestamp::ZERO,
            waiting_timer: false,
            promised: None,
            followers: Followers::default(),
            dirty: false,
            measured_bytes: 0,
            learned: Vec::new(),
        }
    }

    /// Counted before loading (RUNTIME P4): by profile, else declared; or what a worker held, if that was
    /// more.
    pub(crate) fn memory_bytes(&self) -> u64 {
        let devices = self.profile.devices.iter();
        let by_profile = devices.filter_map(|device| device.memory_bytes).max();
        let expected = by_profile.unwrap_or(self.spec.resources.gpu_memory_bytes);
        expected.max(self.measured_bytes)
    }

    pub(crate) fn copies(&self) -> u32 {
        self.ready + self.loading
    }

    /// Calls that one lease may hold. Writes are never batched (J6); a function without a batch form
    /// gets as many as it runs at once.
    pub(crate) fn lease_limit(&self) -> u32 {
        let resources = &self.spec.resources;
        match self.spec.effect {
            Effect::Write => 1,
            _ if resources.max_batch_size > 1 => resources.max_batch_size,
            _ => resources.concurrency.max(1),
        }
    }

    pub(crate) fn batches(&self, kind: &DeviceType) -> &[(u32, Duration)] {
        let mut devices = self.profile.devices.iter();
        devices
            .find(|device| device.device == *kind)
            .map_or(&[], |device| device.batches.as_slice())
    }

    /// Latency by batch size: by profile, else as seen.
    pub(crate) fn curve(&self, kind: &DeviceType, class: ClassIndex) -> Vec<(u32, Duration)> {
        match self.batches(kind) {
            [] => Vec::from_iter(self.per_call(class).map(|time| (1, time))),
            batches => batches.to_vec(),
        }
    }

    /// Device time of a call and of what follows it.
    pub(crate) fn work_with_follows(&self) -> u64 {
        self.work.saturating_add(self.follows.get())
    }

    /// Expected time of a lease of `size` calls.
    pub(crate) fn lease_time(
        &self,
        kind: &DeviceType,
        class: ClassIndex,
        size: u32,
    ) -> Option<Duration> {
        interpolate(self.batches(kind), size).or_else(|| Some(self.per_call(class)? * size))
    }

    /// Expected time per call when there are plenty of them.
    pub(crate) fn time_per_call(&self, kind: &DeviceType, class: ClassIndex) -> Option<Duration> {
        let limit = self.lease_limit();
        let batches = self.batches(kind).iter();
        batches
            .filter(|(size, _)| (1..=limit).contains(size))
            .map(|&(size, time)| time / size)
            .min()
            .or(self.per_call(class))
    }

    pub(crate) fn load_time(&self, kind: &DeviceType, class: ClassIndex) -> Option<Duration> {
        let mut devices = self.profile.devices.iter();
        devices
            .find(|device| device.device == *kind)
            .map(|device| device.load)
            .or_else(|| self.learned(class)?.load)
    }

    fn learned(&self, class: ClassIndex) -> Option<&Learned> {
        self.learned.get(class as usize)
    }

    fn per_call(&self, class: ClassIndex) -> Option<Duration> {
        self.learned(class)?.per_call
    }

    /// How much the times of its leases differ there.
    pub(crate) fn spread(&self, class: ClassIndex) -> Option<&Spread> {
        self.learned(class).map(|learned| &learned.spread)
    }

    pub(crate) fn saw_spread(
        &mut self,
        class: ClassIndex,
        expected: Duration,
        took: Duration,
        quantile: u32,
    ) {
        let learned = self.learned_mut(class);
        learned.spread.saw(expected, took, quantile);
    }

    fn learned_mut(&mut self, class: ClassIndex) -> &mut Learned {
        let index = class as usize;
        if self.learned.len() <= index {
            self.learned.resize(index + 1, Learned::default());
        }
        &mut self.learned[index]
    }

    pub(crate) fn saw_lease(&mut self, class: ClassIndex, size: u32, time: Duration) {
        let seen = time / size.max(1);
        let per_call = &mut self.learned_mut(class).per_call;
        *per_call = Some(per_call.map_or(seen, |known| (known * 3 + seen) / 4));
        let time = nanoseconds(time);
        self.usual = match self.usual {
            0 => time,
            known => known - known / 4 + time / 4,
        };
    }

    pub(crate) fn saw_load(&mut self, class: ClassIndex, time: Duration, memory_bytes: u64) {
        self.learned_mut(class).load = Some(time);
        self.measured_bytes = self.measured_bytes.max(memory_bytes);
    }
}

/// One call alone, on the fastest device that the profile knows.
fn usual(profile: &Profile) -> u64 {
    let devices = profile.devices.iter();
    let alone = devices.filter_map(|device| interpolate(&device.batches, 1));
    alone.min().map_or(0, nanoseconds)
}

/// Between measured sizes linear; below the first and above the last in proportion.
pub(crate) fn interpolate(batches: &[(u32, Duration)], size: u32) -> Option<Duration> {
    let above = batches.partition_point(|&(measured, _)| measured < size);
    match (
        above.checked_sub(1).map(|below| batches[below]),
        batches.get(above),
    ) {
        (_, Some(&(measured, time))) if measured == size => Some(time),
        (Some((low, low_time)), Some(&(high, high_time))) => {
            let (part, whole) = (size - low, high - low);
            let rise = high_time.saturating_sub(low_time);
            Some(low_time + rise * part / whole)
        }
        (Some((measured, time)), None) | (None, Some(&(measured, time))) => {
            Some(time * size / measured.max(1))
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(milliseconds: &[(u32, u64)], size: u32, expect: Option<u64>) {
        let batches: Vec<_> = milliseconds
            .iter()
            .map(|&(size, time)| (size, Duration::from_millis(time)))
            .collect();
        assert_eq!(
            interpolate(&batches, size),
            expect.map(Duration::from_millis),
            "{milliseconds:?} at {size}"
        );
    }

    #[test]
    fn times_between_measured_sizes_are_linear() {
        check(&[], 1, None);
        check(&[(1, 10)], 1, Some(10));
        check(&[(1, 10), (5, 30)], 3, Some(20));
        check(&[(1, 10), (5, 30)], 10, Some(60));
        check(&[(4, 20)], 2, Some(10));
    }
}
