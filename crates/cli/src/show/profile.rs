//! What `dice profile` found out, as a table.

use dice_server::api::{FunctionProfile, Times};

use super::table;

const MIB: f64 = 1_048_576.0;

pub(crate) fn profile(profile: &FunctionProfile) -> String {
    let rows = profile.batches.iter().map(|batch| {
        let mut row = vec![batch.size.to_string()];
        row.extend(times(&batch.times));
        row.push(milliseconds(batch.seconds_per_call));
        row.push(format!("{:.1}", 1.0 / batch.seconds_per_call));
        row
    });
    let headings = [
        ">batch",
        ">ms",
        ">10 %",
        ">90 %",
        ">runs",
        ">ms a call",
        ">calls/s",
    ];
    let [load, low, high, runs] = times(&profile.load);
    let mut lines = vec![
        format!("{} on {} (measured)", profile.function, profile.device),
        format!("machine  {}", profile.machine),
        format!("inputs   {}", or_none(&profile.inputs)),
        format!("load     {load} ms (10 %: {low}, 90 %: {high}, {runs} starts)"),
        format!("memory   {:.1} MiB", profile.memory_bytes as f64 / MIB),
        String::new(),
        table(&headings, rows),
    ];
    if let Some(failed) = &profile.failed {
        lines.push(format!(
            "batches of {} failed, so they and larger ones are left out: {}",
            failed.size, failed.message
        ));
    }
    if profile.batches.iter().any(|batch| batch.times.noisy) {
        lines.push(
            "the runs differ much: something else was busy, measure again on a quiet machine"
                .to_owned(),
        );
    }
    if let Some(written) = &profile.written {
        lines.push(format!("\nkept in {written}"));
    }
    lines.join("\n")
}

fn times(times: &Times) -> [String; 4] {
    [
        milliseconds(times.seconds),
        milliseconds(times.low_seconds),
        milliseconds(times.high_seconds),
        times.runs.to_string(),
    ]
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.2}", seconds * 1000.0)
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
