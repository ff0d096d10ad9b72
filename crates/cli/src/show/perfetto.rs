//! A task's calls in the trace-event format, for ui.perfetto.dev.

use dice_server::api::Task;
use serde_json::{Value, json};

/// Process 1 has a thread per device; process 2 has what waits, a thread per function.
pub(crate) fn perfetto(task: &Task) -> Value {
    let mut lanes: indexmap::IndexSet<&str> = indexmap::IndexSet::new();
    let mut events = Vec::new();
    for call in &task.calls {
        let waited = call.granted_offset_ns.or(call.ended_offset_ns);
        if let Some(until) = waited.filter(|until| *until > call.issued_offset_ns) {
            let lane = lanes.insert_full(&call.function).0;
            let name = format!("{} waits", call.function);
            events.push(slice(&name, 2, lane, call.issued_offset_ns, until));
        }
        if let (Some(device), Some(from), Some(to)) = (
            call.device.as_deref(),
            call.granted_offset_ns,
            call.ended_offset_ns,
        ) {
            let lane = lanes.insert_full(device).0;
            let mut event = slice(&call.function, 1, lane, from, to);
            event["args"] = json!({
                "call": call.call,
                "attempt": call.attempt,
                "outcome": call.outcome,
                "wasted": call.wasted,
            });
            events.push(event);
        }
    }
    for (process, name) in [(1, "devices"), (2, "queues")] {
        events.push(
            json!({"ph": "M", "name": "process_name", "pid": process, "args": {"name": name}}),
        );
        for (lane, name) in lanes.iter().enumerate() {
            let args = json!({"name": name});
            events.push(
                json!({"ph": "M", "name": "thread_name", "pid": process, "tid": lane, "args": args}),
            );
        }
    }
    json!({"traceEvents": events, "displayTimeUnit": "ms"})
}

/// The format counts microseconds.
fn slice(name: &str, process: u32, lane: usize, from_ns: u64, to_ns: u64) -> Value {
    json!({
        "ph": "X", "name": name, "pid": process, "tid": lane,
        "ts": from_ns as f64 / 1e3, "dur": to_ns.saturating_sub(from_ns) as f64 / 1e3,
    })
}
