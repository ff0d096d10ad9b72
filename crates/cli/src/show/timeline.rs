//! When each call waited (`·`) and ran (`█`), in the terminal.

use dice_server::api::{CallSpan, ComparisonReport, Side, Task};

use super::{duration, width};

/// More calls than this are drawn as one lane per device.
const ROWS: usize = 40;

/// One task's calls over its own time.
pub(crate) fn timeline(task: &Task) -> String {
    draw(&task.calls, elapsed(task), width())
}

/// Both runs under one scale, so that lengths compare.
pub(crate) fn timelines(report: &ComparisonReport) -> String {
    let scale = report
        .baseline
        .elapsed_ns
        .max(report.distributed.elapsed_ns);
    let side = |name: &str, side: &Side| {
        let heading = format!(
            "{name}  {}  on {}",
            duration(side.elapsed_ns),
            side.hardware
        );
        format!("{heading}\n{}", draw(&side.task.calls, scale, width()))
    };
    format!(
        "{}\n\n{}",
        side("baseline", &report.baseline),
        side("distributed", &report.distributed)
    )
}

pub(crate) fn elapsed(task: &Task) -> u64 {
    let started = task.started_at.unwrap_or(task.accepted_at);
    task.ended_at.unwrap_or(started).saturating_sub(started)
}

fn draw(calls: &[CallSpan], scale_ns: u64, width: usize) -> String {
    if calls.is_empty() {
        return "  no calls".to_owned();
    }
    let names: usize = calls
        .iter()
        .map(|call| call.function.chars().count())
        .max()
        .unwrap_or(0);
    let columns = width.saturating_sub(names + 24).max(20);
    let cell = |offset: u64| {
        let position = u128::from(offset) * columns as u128 / u128::from(scale_ns.max(1));
        usize::try_from(position).unwrap_or(columns).min(columns)
    };
    if calls.len() <= ROWS {
        let rows = calls.iter().map(|call| row(call, names, columns, cell));
        return rows.collect::<Vec<_>>().join("\n");
    }
    lanes(calls, columns, cell)
}

fn row(call: &CallSpan, names: usize, columns: usize, cell: impl Fn(u64) -> usize) -> String {
    let ended = call.ended_offset_ns.unwrap_or(call.issued_offset_ns);
    let granted = call.granted_offset_ns.unwrap_or(ended);
    let mut bar = vec![' '; columns];
    paint(&mut bar, cell(call.issued_offset_ns), cell(granted), '·');
    if call.granted_offset_ns.is_some() {
        let end = cell(ended).max(cell(granted) + 1);
        paint(
            &mut bar,
            cell(granted),
            end,
            if call.wasted { '░' } else { '█' },
        );
    }
    let bar: String = bar.into_iter().collect();
    let took = match call.outcome.as_str() {
        "ok" => duration(ended.saturating_sub(granted)),
        other => other.to_owned(),
    };
    let device = call.device.as_deref().unwrap_or("");
    format!("  {:<names$} {bar}│ {took:>8} {device}", call.function)
        .trim_end()
        .to_owned()
}

/// One line per device: how much of each cell's time it was held.
fn lanes(calls: &[CallSpan], columns: usize, cell: impl Fn(u64) -> usize) -> String {
    let mut lanes: indexmap::IndexMap<&str, Vec<char>> = indexmap::IndexMap::new();
    for call in calls {
        let (Some(device), Some(granted), Some(ended)) = (
            call.device.as_deref(),
            call.granted_offset_ns,
            call.ended_offset_ns,
        ) else {
            continue;
        };
        let lane = lanes.entry(device).or_insert_with(|| vec!['·'; columns]);
        paint(lane, cell(granted), cell(ended).max(cell(granted) + 1), '█');
    }
    let names = lanes
        .keys()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    let lines = lanes.into_iter().map(|(device, lane)| {
        let held = lane.iter().filter(|cell| **cell == '█').count();
        let lane: String = lane.into_iter().collect();
        format!(
            "  {device:<names$} {lane}│ {:>3} %",
            held * 100 / columns.max(1)
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn paint(bar: &mut [char], from: usize, to: usize, with: char) {
    let end = to.min(bar.len());
    bar[from.min(end)..end].fill(with);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(function: &str, issued: u64, granted: u64, ended: u64) -> CallSpan {
        CallSpan {
            call: 0,
            function: function.to_owned(),
            issued_offset_ns: issued * 1_000_000,
            granted_offset_ns: Some(granted * 1_000_000),
            ended_offset_ns: Some(ended * 1_000_000),
            device: Some("cpu-0".to_owned()),
            attempt: 1,
            outcome: "ok".to_owned(),
            wasted: false,
        }
    }

    #[test]
    fn waiting_is_dotted_and_running_is_solid() {
        let calls = [span("glip", 0, 0, 50), span("blip", 50, 60, 100)];
        insta::assert_snapshot!(draw(&calls, 100_000_000, 60), @r"
          glip ████████████████                │  50.0 ms cpu-0
          blip                 ···█████████████│  40.0 ms cpu-0
        ");
    }

    #[test]
    fn many_calls_become_a_lane_per_device() {
        let calls: Vec<_> = (0..50).map(|n| span("blip", n, n, n + 1)).collect();
        assert_eq!(draw(&calls, 100_000_000, 60).lines().count(), 1);
    }
}
