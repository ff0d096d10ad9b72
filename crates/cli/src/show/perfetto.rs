//! A task's calls in the trace-event format, for ui.perfetto.dev.
//!
//! Perfetto drops a slice that overlaps another one of its thread without lying inside it, and says so
//! nowhere that people look. So a thread, which is a device, has its leases one after the other; and what
//! waits, of which there is much at a time, is told in events that may overlap (`b` and `e`).

use std::collections::BTreeMap;

use dice_server::api::CallSpan;
use indexmap::IndexSet;
use serde_json::{Value, json};

const DEVICES: u32 = 1;
const QUEUES: u32 = 2;

/// The calls that held a device together.
struct Lease<'a> {
    until_ns: u64,
    calls: Vec<&'a CallSpan>,
}

/// Process 1 has a thread per device; process 2 has what waits, by function.
pub(crate) fn perfetto(calls: &[CallSpan]) -> Value {
    let mut devices = IndexSet::new();
    let mut queues = IndexSet::new();
    let mut events = leases(calls, &mut devices);
    for call in calls {
        let lane = queues.insert_full(call.function.as_str()).0;
        events.extend(wait(call, lane).into_iter().flatten());
    }
    events.extend(names(DEVICES, "devices", &devices));
    events.extend(names(QUEUES, "queues", &queues));
    json!({"traceEvents": events, "displayTimeUnit": "ms"})
}

fn leases<'a>(calls: &'a [CallSpan], devices: &mut IndexSet<&'a str>) -> Vec<Value> {
    let mut by_device: BTreeMap<&str, BTreeMap<u64, Lease>> = BTreeMap::new();
    for call in calls {
        let (Some(device), Some(from), Some(to)) = (
            call.device.as_deref(),
            call.granted_offset_ns,
            call.ended_offset_ns,
        ) else {
            continue;
        };
        let lease = by_device.entry(device).or_default();
        let lease = lease.entry(from).or_insert(Lease {
            until_ns: to,
            calls: Vec::new(),
        });
        lease.until_ns = lease.until_ns.max(to);
        lease.calls.push(call);
    }
    let mut events = Vec::new();
    for (device, leases) in by_device {
        let lane = devices.insert_full(device).0;
        // A call has ended when its result is durable; by then the device may have its next lease.
        let nexts = leases.keys().skip(1).copied().chain([u64::MAX]);
        for ((&from, lease), next) in leases.iter().zip(nexts) {
            events.push(lease.slice(lane, from, lease.until_ns.min(next)));
        }
    }
    events
}

impl Lease<'_> {
    fn slice(&self, lane: usize, from_ns: u64, to_ns: u64) -> Value {
        let function = &self.calls[0].function;
        let name = match self.calls.len() {
            1 => function.clone(),
            calls => format!("{function} × {calls}"),
        };
        let calls = self.calls.iter().map(|call| {
            json!({
                "call": call.call,
                "attempt": call.attempt,
                "outcome": call.outcome,
                "wasted": call.wasted,
            })
        });
        json!({
            "ph": "X", "cat": "lease", "name": name, "pid": DEVICES, "tid": lane,
            "ts": microseconds(from_ns), "dur": microseconds(to_ns.saturating_sub(from_ns)),
            "args": {"calls": calls.collect::<Vec<_>>()},
        })
    }
}

/// Its beginning and its end, if it waited.
fn wait(call: &CallSpan, lane: usize) -> Option<[Value; 2]> {
    let from = call.issued_offset_ns;
    let until = call.granted_offset_ns.or(call.ended_offset_ns)?;
    let event = |phase: &str, at: u64| {
        json!({
            "ph": phase, "cat": "wait", "id": call.call, "name": format!("{} waits", call.function),
            "pid": QUEUES, "tid": lane, "ts": microseconds(at), "args": {"call": call.call},
        })
    };
    (until > from).then(|| [event("b", from), event("e", until)])
}

fn names(process: u32, name: &str, lanes: &IndexSet<&str>) -> Vec<Value> {
    let named = |what: &str, lane: usize, name: &str| json!({"ph": "M", "name": what, "pid": process, "tid": lane, "args": {"name": name}});
    let lanes = lanes.iter().enumerate();
    let lanes = lanes.map(|(lane, name)| named("thread_name", lane, name));
    [named("process_name", 0, name)]
        .into_iter()
        .chain(lanes)
        .collect()
}

/// The format counts microseconds.
fn microseconds(ns: u64) -> f64 {
    ns as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: u32, issued: u64, granted: Option<u64>, ended: Option<u64>) -> CallSpan {
        CallSpan {
            call: number,
            function: "glip".to_owned(),
            issued_offset_ns: issued,
            granted_offset_ns: granted,
            ended_offset_ns: ended,
            device: granted.map(|_| "local/cpu-0".to_owned()),
            attempt: 1,
            outcome: "ok".to_owned(),
            wasted: false,
        }
    }

    fn events(calls: Vec<CallSpan>) -> Vec<Value> {
        let trace = perfetto(&calls);
        trace["traceEvents"].as_array().expect("a list").clone()
    }

    fn slices(events: &[Value]) -> Vec<(f64, f64, &str)> {
        let slices = events.iter().filter(|event| event["ph"] == "X");
        slices
            .map(|event| {
                let number = |name: &str| event[name].as_f64().expect("a number");
                let name = event["name"].as_str().expect("text");
                (number("ts"), number("ts") + number("dur"), name)
            })
            .collect()
    }

    #[test]
    fn a_devices_leases_follow_each_other() {
        let calls = vec![
            call(0, 0, Some(1_000), Some(9_500)),
            call(1, 0, Some(1_000), Some(10_000)),
            // Granted before the results of the ones before were durable.
            call(2, 500, Some(9_000), Some(20_000)),
        ];
        let events = events(calls);
        assert_eq!(
            slices(&events),
            [(1.0, 9.0, "glip × 2"), (9.0, 20.0, "glip")]
        );
    }

    #[test]
    fn what_waits_at_the_same_time_is_told_by_its_ends() {
        let calls = vec![
            call(0, 0, Some(5_000), Some(6_000)),
            call(1, 1_000, Some(7_000), Some(8_000)),
            call(2, 1_000, None, Some(3_000)),
            call(3, 2_000, None, None),
            call(4, 2_000, Some(2_000), Some(2_500)),
        ];
        let events = events(calls);
        let ends = |phase: &str| {
            let of_phase = events.iter().filter(|event| event["ph"] == phase);
            let place = |event: &Value| (event["id"].as_u64(), event["ts"].as_f64());
            of_phase.map(place).collect::<Vec<_>>()
        };
        let begins = [
            (Some(0), Some(0.0)),
            (Some(1), Some(1.0)),
            (Some(2), Some(1.0)),
        ];
        assert_eq!(ends("b"), begins);
        let ended = [
            (Some(0), Some(5.0)),
            (Some(1), Some(7.0)),
            (Some(2), Some(3.0)),
        ];
        assert_eq!(ends("e"), ended);
    }

    #[test]
    fn every_lane_has_a_name() {
        let events = events(vec![call(0, 0, Some(1), Some(2))]);
        let names = events.iter().filter(|event| event["ph"] == "M");
        let names: Vec<_> = names.map(|event| event["args"]["name"].as_str()).collect();
        let expect = ["devices", "local/cpu-0", "queues", "glip"].map(Some);
        assert_eq!(names, expect);
    }
}
