//! The work of a run that took place, as floors want it: its own times, and how far profiles are off.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use dice_model::{
    CallRef, DeviceType, FunctionId, LeaseUse, NodeSpec, PricePerHour, Timestamp, Usage,
};

use crate::timeline::{holds, pieces};
use crate::{BillError, FloorWork, Window};

/// Of a whole batch, by its size.
pub type BatchTimes = BTreeMap<u32, Duration>;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    pub work: Vec<FloorWork>,
    /// How far single leases were from the profile, as a part of all leased time; from the mean of
    /// their like where there is no profile. A floor is no surer than that.
    pub error: f64,
    /// What each lease had of its device: leases that hold it at once share it.
    pub leases: Vec<ObservedLease>,
    /// Mean times of the sizes that there were.
    pub own: BTreeMap<Place, BatchTimes>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ObservedLease {
    pub function: FunctionId,
    pub kind: DeviceType,
    pub calls: Vec<CallRef>,
    pub time: Duration,
}

/// A function on a type of device.
pub type Place = (FunctionId, DeviceType);

impl Observed {
    /// `profiled`: what is known of other sizes and types of device. `in_vain`: guesses, which no other
    /// run needs to make.
    pub fn new(
        usage: &[Usage],
        fleet: &[NodeSpec],
        kinds: &BTreeSet<DeviceType>,
        profiled: impl Fn(&FunctionId, &DeviceType) -> BatchTimes,
        in_vain: &HashSet<CallRef>,
    ) -> Result<Self, BillError> {
        let leases = leases(usage, fleet)?;
        let own = own_times(&leases);
        let mut calls: BTreeMap<FunctionId, HashSet<CallRef>> = BTreeMap::new();
        for lease in &leases {
            let wanted = lease.calls.iter().filter(|call| !in_vain.contains(call));
            calls
                .entry(lease.function.clone())
                .or_default()
                .extend(wanted);
        }
        let times = |function: &FunctionId, kind: &DeviceType| {
            let mut times = profiled(function, kind);
            let own = own.get(&(function.clone(), kind.clone()));
            times.extend(own.into_iter().flatten());
            let per_call = times
                .iter()
                .map(|(size, time)| time.div_f64((*size).into()));
            Some((kind.clone(), per_call.min()?))
        };
        let work = calls.iter().map(|(function, calls)| FloorWork {
            function: function.to_string(),
            calls: calls.len() as f64,
            per_call: kinds
                .iter()
                .filter_map(|kind| times(function, kind))
                .collect(),
        });
        Ok(Self {
            work: work.collect(),
            error: error(&leases, &own, profiled),
            leases,
            own,
        })
    }
}

fn leases(usage: &[Usage], fleet: &[NodeSpec]) -> Result<Vec<ObservedLease>, BillError> {
    let kinds: HashMap<_, _> = fleet
        .iter()
        .flat_map(|node| &node.devices)
        .map(|device| (&device.id, &device.kind))
        .collect();
    let whole = Window {
        from: Timestamp(0),
        to: Timestamp(u64::MAX),
    };
    let mut shares: HashMap<*const Usage, i128> = HashMap::new();
    for holds in holds(usage, fleet)?.values() {
        for piece in pieces(whole, PricePerHour(0), holds, &[]) {
            let count = piece.holds.len().max(1) as i128;
            for usage in &piece.holds {
                *shares.entry(*usage).or_default() += piece.nanoseconds / count;
            }
        }
    }
    let leases = usage.iter().filter_map(|one| match one {
        Usage::Leased {
            device,
            function,
            purpose: LeaseUse::Execute { calls },
            ..
        } if !calls.is_empty() => {
            let time = shares.get(&std::ptr::from_ref(one))?;
            Some(ObservedLease {
                function: function.clone(),
                kind: kinds[device].clone(),
                calls: calls.clone(),
                time: Duration::from_nanos(u64::try_from(*time).ok()?),
            })
        }
        _ => None,
    });
    Ok(leases.collect())
}

fn size(lease: &ObservedLease) -> u32 {
    u32::try_from(lease.calls.len()).expect("a batch fits in u32")
}

/// The mean of each size of batch.
fn own_times(leases: &[ObservedLease]) -> BTreeMap<Place, BatchTimes> {
    let mut sums: BTreeMap<Place, BTreeMap<u32, (Duration, u32)>> = BTreeMap::new();
    for lease in leases {
        let place = (lease.function.clone(), lease.kind.clone());
        let sum = sums
            .entry(place)
            .or_default()
            .entry(size(lease))
            .or_default();
        sum.0 += lease.time;
        sum.1 += 1;
    }
    let means = sums.into_iter().map(|(place, sizes)| {
        let means = sizes
            .into_iter()
            .map(|(size, (time, count))| (size, time / count));
        (place, means.collect())
    });
    means.collect()
}

fn error(
    leases: &[ObservedLease],
    own: &BTreeMap<Place, BatchTimes>,
    profiled: impl Fn(&FunctionId, &DeviceType) -> BatchTimes,
) -> f64 {
    let profiles: BTreeMap<&Place, BatchTimes> = own
        .keys()
        .map(|place| (place, profiled(&place.0, &place.1)))
        .collect();
    let (mut off, mut all) = (0.0, 0.0);
    for lease in leases {
        let place = (lease.function.clone(), lease.kind.clone());
        let size = size(lease);
        let expected = profiles[&place]
            .get(&size)
            .or_else(|| own[&place].get(&size));
        let expected = expected.copied().unwrap_or(lease.time);
        off += lease.time.abs_diff(expected).as_secs_f64();
        all += lease.time.as_secs_f64();
    }
    if all > 0.0 { off / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::{DeviceId, DeviceSpec, LeaseId, NodeId, PoolName, TaskId};

    const S: u64 = 1_000_000_000;

    fn fleet() -> NodeSpec {
        NodeSpec {
            id: NodeId("n".into()),
            kind: "x".into(),
            devices: vec![DeviceSpec {
                id: DeviceId("n/1".into()),
                kind: "gpu".into(),
                memory_bytes: 1,
            }],
        }
    }

    /// Calls `first..first + count` of one task.
    fn leased(first: u32, count: u32, from: u64, to: u64) -> Usage {
        let call = |call| CallRef {
            task: TaskId(1),
            call,
        };
        Usage::Leased {
            pool: PoolName::default(),
            node: NodeId("n".into()),
            device: DeviceId("n/1".into()),
            lease: LeaseId(1),
            function: FunctionId::new("f"),
            from: Timestamp(from * S),
            to: Timestamp(to * S),
            purpose: LeaseUse::Execute {
                calls: (first..first + count).map(call).collect(),
            },
        }
    }

    /// `profile`: seconds by size. Gives calls, seconds per call, and the error in per cent.
    #[track_caller]
    fn check(usage: &[Usage], profile: &[(u32, u64)], expect: (f64, f64, f64)) {
        let seconds = |(size, seconds): &(u32, u64)| (*size, Duration::from_secs(*seconds));
        let profiled = |_: &FunctionId, _: &DeviceType| profile.iter().map(seconds).collect();
        let kinds = BTreeSet::from(["gpu".into()]);
        let observed = Observed::new(usage, &[fleet()], &kinds, profiled, &HashSet::new());
        let observed = observed.expect("all devices are in the fleet");
        let work = &observed.work[0];
        let per_call = work.per_call[&"gpu".into()].as_secs_f64();
        let found = (work.calls, per_call, (observed.error * 100.0).round());
        assert_eq!(found, expect);
    }

    #[test]
    fn the_runs_own_times_go_before_the_profiles() {
        let alone = [leased(0, 1, 0, 2), leased(1, 1, 2, 6)];
        check(&alone, &[], (2.0, 3.0, 33.0));
        check(&alone, &[(1, 2)], (2.0, 3.0, 33.0));
        // What the run did not try may be better.
        check(&alone, &[(1, 2), (4, 4)], (2.0, 1.0, 33.0));
        check(&[leased(0, 4, 0, 8)], &[(1, 3)], (4.0, 2.0, 0.0));
    }

    #[test]
    fn a_call_that_ran_twice_is_one_call_and_shared_time_is_shared() {
        check(
            &[leased(0, 1, 0, 2), leased(0, 1, 4, 6)],
            &[],
            (1.0, 2.0, 0.0),
        );
        check(
            &[leased(0, 1, 0, 2), leased(1, 1, 0, 2)],
            &[],
            (2.0, 1.0, 0.0),
        );
    }
}
