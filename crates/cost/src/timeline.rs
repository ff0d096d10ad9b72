//! Each device's time as pieces in which nothing changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dice_model::{DeviceId, LeaseUse, NodeId, NodeSpec, PricePerHour, Timestamp, Usage};

use crate::bill::{BillError, Window};

/// A lease's hold on a device.
#[derive(Debug)]
pub(crate) struct Hold<'a> {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) usage: &'a Usage,
}

/// Of a rented device, with the leases that hold it, all of them for the whole of it.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) from: Timestamp,
    pub(crate) nanoseconds: i128,
    pub(crate) price: PricePerHour,
    /// None: idle. Several share it equally.
    pub(crate) holds: Vec<&'a Usage>,
}

pub(crate) fn purpose(usage: &Usage) -> Option<&LeaseUse> {
    match usage {
        Usage::Leased { purpose, .. } => Some(purpose),
        _ => None,
    }
}

/// When each node was rented: within the window, intervals that touch made one.
pub(crate) fn rentals(usage: &[Usage], window: Window) -> BTreeMap<NodeId, Vec<Window>> {
    let mut rentals: BTreeMap<NodeId, Vec<Window>> = BTreeMap::new();
    for one in usage {
        let Usage::NodeHeld { node, from, to, .. } = one else {
            continue;
        };
        if let Some(held) = window.cut(*from, *to) {
            rentals.entry(node.clone()).or_default().push(held);
        }
    }
    rentals.values_mut().for_each(|held| *held = union(held));
    rentals
}

fn union(intervals: &mut [Window]) -> Vec<Window> {
    intervals.sort_by_key(|interval| (interval.from, interval.to));
    let mut joined: Vec<Window> = Vec::new();
    for interval in intervals {
        match joined.last_mut() {
            Some(last) if interval.from <= last.to => last.to = last.to.max(interval.to),
            _ => joined.push(*interval),
        }
    }
    joined
}

/// The leases of each device, by start. A lease on a device that no node has is an error: its cost
/// could not be explained.
pub(crate) fn holds<'a>(
    usage: &'a [Usage],
    fleet: &[NodeSpec],
) -> Result<HashMap<DeviceId, Vec<Hold<'a>>>, BillError> {
    let devices = fleet.iter().flat_map(|node| &node.devices);
    let mut holds: HashMap<DeviceId, Vec<Hold<'a>>> = devices
        .map(|device| (device.id.clone(), Vec::new()))
        .collect();
    for one in usage {
        let Usage::Leased {
            device, from, to, ..
        } = one
        else {
            continue;
        };
        let of_device = holds
            .get_mut(device)
            .ok_or_else(|| BillError::UnknownDevice(device.clone()))?;
        if from < to {
            let (from, to) = (*from, *to);
            of_device.push(Hold {
                from,
                to,
                usage: one,
            });
        }
    }
    holds
        .values_mut()
        .for_each(|holds| holds.sort_by_key(|hold| hold.from));
    Ok(holds)
}

/// Cuts a device's rented time wherever a lease begins or ends, and at `cuts` (ascending).
pub(crate) fn pieces<'a>(
    rented: Window,
    price: PricePerHour,
    holds: &[Hold<'a>],
    cuts: &[Timestamp],
) -> Vec<Piece<'a>> {
    let first_cut = cuts.partition_point(|&cut| cut <= rented.from);
    let cuts = cuts[first_cut..].iter().take_while(|&&cut| cut < rented.to);
    let ends = holds.iter().flat_map(|hold| [hold.from, hold.to]);
    let inside = ends.filter(|&at| at > rented.from && at < rented.to);
    let mut edges: BTreeSet<Timestamp> = inside.chain(cuts.copied()).collect();
    edges.extend([rented.from, rented.to]);
    let edges: Vec<Timestamp> = edges.into_iter().collect();
    let mut open: Vec<&Hold<'a>> = Vec::new();
    let mut coming = holds.iter().peekable();
    let mut pieces = Vec::with_capacity(edges.len());
    for (from, to) in edges.iter().zip(&edges[1..]) {
        while let Some(hold) = coming.next_if(|hold| hold.from <= *from) {
            open.push(hold);
        }
        open.retain(|hold| hold.to > *from);
        pieces.push(Piece {
            from: *from,
            nanoseconds: i128::from(to.0 - from.0),
            price,
            holds: open.iter().map(|hold| hold.usage).collect(),
        });
    }
    pieces
}

/// A node's price split over its devices in proportion to their memory, in whole µ$ an hour, by
/// largest remainder: so the devices' prices add up to the node's, and so does every interval.
pub fn device_prices(node: &NodeSpec, price: PricePerHour) -> Vec<PricePerHour> {
    let memory: u128 = node
        .devices
        .iter()
        .map(|device| u128::from(device.memory_bytes))
        .sum();
    let weight = |bytes: u64| if memory == 0 { 1 } else { u128::from(bytes) };
    let whole = if memory == 0 {
        node.devices.len() as u128
    } else {
        memory
    };
    let mut shares: Vec<(u64, u128)> = node
        .devices
        .iter()
        .map(|device| {
            let exact = u128::from(price.0) * weight(device.memory_bytes);
            let share = u64::try_from(exact / whole).expect("at most the node's price");
            (share, exact % whole)
        })
        .collect();
    let missing = price.0 - shares.iter().map(|(share, _)| share).sum::<u64>();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(shares[index].1), index));
    for &index in order
        .iter()
        .take(usize::try_from(missing).unwrap_or(usize::MAX))
    {
        shares[index].0 += 1;
    }
    shares
        .into_iter()
        .map(|(share, _)| PricePerHour(share))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_model::DeviceSpec;

    fn check(price: u64, memory: &[u64], expect: &[u64]) {
        let devices = memory
            .iter()
            .zip(0..)
            .map(|(&memory_bytes, slot)| DeviceSpec {
                id: DeviceId(slot.to_string()),
                kind: "x".into(),
                memory_bytes,
            });
        let node = NodeSpec {
            id: NodeId("n".into()),
            kind: "x".into(),
            devices: devices.collect(),
        };
        let prices = device_prices(&node, PricePerHour(price));
        let prices: Vec<u64> = prices.iter().map(|price| price.0).collect();
        assert_eq!(prices, expect, "{price} over {memory:?}");
    }

    #[test]
    fn device_prices_add_up_to_the_nodes() {
        check(1_300_000, &[48, 16], &[975_000, 325_000]);
        check(100, &[1, 1, 1], &[34, 33, 33]);
        check(100, &[0, 0], &[50, 50]);
        check(100, &[5], &[100]);
        check(1, &[1, 2], &[0, 1]);
    }
}
