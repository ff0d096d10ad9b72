//! A cost report for people: the bill in both views, how far it is from the least, and why.

use dice_server::api::{CostReport, Floors, Split, Task, TaskCost};

use super::cost::bill_lines;
use super::quote::quoted;
use super::{duration, table, usd};

/// Tasks are listed up to this many, the dearest first; `--json` and `--csv` have them all.
const TASKS: usize = 20;

pub(crate) fn cost_report(report: &CostReport) -> String {
    let what = match (report.task, report.batch) {
        (Some(task), _) => format!("task {task}"),
        (None, batch) => format!("batch {}", batch.unwrap_or_default()),
    };
    let so_far = if report.running { " so far" } else { "" };
    let own = usd(report.own_micro_usd);
    let mut parts = vec![format!("{what}: {own}{so_far}")];
    if report.own_micro_usd != report.total_micro_usd {
        let total = usd(report.total_micro_usd);
        parts[0].push_str(&format!(" of the {total} that was rented meanwhile"));
    }
    parts.push(bill_lines(
        &report.direct,
        report.total_micro_usd,
        &report.price_book,
    ));
    let said = report
        .quoted
        .map(|said| quoted(&said, report.own_micro_usd));
    let least = report.floors.as_ref().map(floors);
    let more: Vec<String> = least.into_iter().chain(said).collect();
    parts.extend((!more.is_empty()).then(|| more.join("\n")));
    parts.push(tasks(report));
    match (&report.split, &report.split_missing) {
        (Some(shown), _) => parts.push(split(shown)),
        (None, Some(reason)) => parts.push(format!("no split of the saving: {reason}")),
        (None, None) => {}
    }
    let notes: Vec<String> = report
        .labels
        .iter()
        .map(|label| format!("note: {label}"))
        .collect();
    if !notes.is_empty() {
        parts.push(notes.join("\n"));
    }
    parts.join("\n\n")
}

/// The least it could have been, in two lines.
pub(crate) fn floors(floors: &Floors) -> String {
    format!(
        "floor: {} on this fleet, gap {:.1} % (profiles are off by {:.1} %); {} on the market ({})",
        usd(floors.fleet_micro_usd),
        floors.gap_percent,
        floors.error_percent,
        usd(floors.market_micro_usd),
        floors.market_nodes.join(", ")
    )
}

/// What a task cost and how far that is from the least; nothing where nothing was executed.
pub(crate) fn cost_line(task: &Task) -> Option<String> {
    let bill = task.bill.as_ref()?;
    let least = floors(bill.floors.as_ref()?);
    let cost = usd(bill.total_micro_usd);
    Some(format!(
        "cost {cost} (`dice cost {}` explains it); {least}",
        task.id
    ))
}

/// The loaded view, with what made each task cheap or dear.
fn tasks(report: &CostReport) -> String {
    let mut dearest: Vec<&TaskCost> = report.tasks.iter().collect();
    if dearest.len() > TASKS {
        dearest.sort_by_key(|task| (std::cmp::Reverse(task.loaded_micro_usd), task.task));
    }
    let more = &dearest[dearest.len().min(TASKS)..];
    let rows = dearest.iter().take(TASKS).map(|task| {
        vec![
            task.task.to_string(),
            usd(task.direct_micro_usd),
            usd(task.loaded_micro_usd),
            task.calls.to_string(),
            format!("{:.1}", task.overlap),
            format!("{:.1}", task.mean_batch_size),
            task.reused.to_string(),
            task.retries.to_string(),
            guesses(task),
        ]
    });
    let sum: i64 = more.iter().map(|task| task.loaded_micro_usd).sum();
    let others = [
        (format!("{} more", more.len()), sum, more.is_empty()),
        (
            "others".to_owned(),
            report.other_tasks_micro_usd,
            report.other_tasks_micro_usd == 0,
        ),
        (
            "none live".to_owned(),
            report.no_task_micro_usd,
            report.no_task_micro_usd == 0,
        ),
    ];
    let others = others.into_iter().filter(|(_, _, left_out)| !left_out);
    let others = others.map(|(name, amount, _)| vec![name, String::new(), usd(amount)]);
    let headings = [
        ">TASK",
        ">OWN CALLS",
        ">WITH SHARES",
        ">CALLS",
        ">AT ONCE",
        ">BATCH",
        ">REUSED",
        ">RETRIES",
        ">GUESSES",
    ];
    table(&headings, rows.chain(others))
}

fn guesses(task: &TaskCost) -> String {
    match (task.guesses, task.guesses_in_vain) {
        (0, _) => "0".to_owned(),
        (made, in_vain) => format!("{made}, {in_vain} in vain"),
    }
}

/// The ladder from the baseline to what was paid.
pub(crate) fn split(split: &Split) -> String {
    let percent = |amount: i64| {
        if split.baseline_micro_usd == 0 || amount == 0 {
            return String::new();
        }
        format!(
            "{:+.1} %",
            -100.0 * amount as f64 / split.baseline_micro_usd as f64
        )
    };
    let baseline = vec![
        "baseline".to_owned(),
        usd(split.baseline_micro_usd),
        String::new(),
    ];
    let causes = split.causes.iter().map(|cause| {
        let saved = cause.saved_micro_usd;
        vec![format!("  {}", cause.cause), usd(-saved), percent(saved)]
    });
    let actual = vec![
        "paid".to_owned(),
        usd(split.actual_micro_usd),
        percent(split.baseline_micro_usd - split.actual_micro_usd),
    ];
    let rows = std::iter::once(baseline).chain(causes).chain([actual]);
    let lines = table(&["WHY (SIMULATED)", ">USD", ">"], rows);
    let best = split.best_monolith.as_ref().map(|best| {
        format!(
            "\nbest monolith (simulated): {} in {}, on one {}, {} task{} at once",
            usd(best.micro_usd),
            duration(best.ns),
            best.node,
            best.concurrency,
            if best.concurrency == 1 { "" } else { "s" },
        )
    });
    format!("{lines}{}", best.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dice_server::api::{Monolith, SplitCause};

    #[test]
    fn a_ladder_shows_what_was_saved_and_what_cost_more() {
        let cause = |cause: &str, saved_micro_usd| SplitCause {
            cause: cause.to_owned(),
            saved_micro_usd,
        };
        let shown = Split {
            simulated: true,
            baseline_micro_usd: 1000,
            causes: vec![cause("hardware", 600), cause("overheads", -50)],
            actual_micro_usd: 450,
            best_monolith: Some(Monolith {
                node: "a6000".to_owned(),
                concurrency: 4,
                micro_usd: 700,
                ns: 1_500_000_000,
            }),
        };
        insta::assert_snapshot!(split(&shown), @r"
        WHY (SIMULATED)         USD
        baseline          $0.001000
          hardware       -$0.000600  -60.0 %
          overheads       $0.000050   +5.0 %
        paid              $0.000450  -55.0 %
        best monolith (simulated): $0.000700 in 1.50 s, on one a6000, 4 tasks at once
        ");
    }
}
