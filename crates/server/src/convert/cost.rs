//! Money: exact costs become whole µ$ here, once per line (RUNTIME M1).

use dice_engine::{BillLine, BookName, CostOf, CostReport, Floors, Quoted, Split, TaskCost};
use dice_model::{Cost, apportion};

use super::nanoseconds;
use super::quote::quoted;
use crate::api;

pub fn cost_report(report: &CostReport) -> api::CostReport {
    let (task, batch) = match report.of {
        CostOf::Task(task) => (Some(task.0), None),
        CostOf::Batch(batch) => (None, Some(batch.0)),
    };
    let bill = &report.bill;
    let (tasks, other_tasks, no_task) = loaded(report);
    let (split, split_missing) = match &report.split {
        Ok(shown) => (Some(split(shown)), None),
        Err(reason) => (None, Some(reason.clone())),
    };
    api::CostReport {
        task,
        batch,
        running: report.running,
        from: report.window.from.0,
        to: report.window.to.0,
        total_micro_usd: rounded(bill.rented),
        own_micro_usd: rounded(report.own),
        direct: lines(&report.lines()),
        nodes: nodes(report),
        tasks,
        other_tasks_micro_usd: other_tasks,
        no_task_micro_usd: no_task,
        entries: entries(report),
        price_book: book(&report.prices),
        floors: report
            .floors
            .as_ref()
            .map(|shown| floors(shown, bill.rented)),
        quoted: report.quoted.as_ref().map(quoted),
        split,
        split_missing,
        labels: report.labels.clone(),
    }
}

/// Whole µ$, to the nearest: as the lines that add up to it.
pub(super) fn rounded(cost: Cost) -> i64 {
    apportion(&[cost])[0].0
}

/// The loaded view: each task's line, the others', and what no task was live for.
fn loaded(report: &CostReport) -> (Vec<api::TaskCost>, i64, i64) {
    let loaded = &report.bill.loaded;
    let mut costs: Vec<Cost> = report.tasks.iter().map(|task| task.loaded).collect();
    let own: Cost = costs.iter().copied().sum();
    let all: Cost = loaded.tasks.values().copied().sum();
    costs.extend([all - own, loaded.no_task]);
    let mut amounts = apportion(&costs);
    let no_task = amounts.pop().map_or(0, |amount| amount.0);
    let others = amounts.pop().map_or(0, |amount| amount.0);
    let tasks = report.tasks.iter().zip(amounts);
    let tasks = tasks.map(|(task, amount)| task_cost(task, amount.0));
    (tasks.collect(), others, no_task)
}

fn task_cost(task: &TaskCost, loaded_micro_usd: i64) -> api::TaskCost {
    api::TaskCost {
        task: task.task.0,
        direct_micro_usd: task.direct.micro_usd_floor().0,
        loaded_micro_usd,
        device_ns: nanoseconds(task.device_time),
        calls: task.calls as u64,
        overlap: task.overlap,
        mean_batch_size: task.mean_batch_size,
        reused: task.reused as u64,
        retries: task.retries.into(),
        guesses: task.guesses as u64,
        guesses_in_vain: task.guesses_in_vain as u64,
    }
}

fn nodes(report: &CostReport) -> Vec<api::NodeCost> {
    let nodes = &report.bill.nodes;
    let costs: Vec<Cost> = nodes.iter().map(|node| node.cost).collect();
    let priced = nodes.iter().zip(apportion(&costs));
    let node = |(node, amount): (&dice_engine::NodeLine, dice_model::MicroUsd)| api::NodeCost {
        node: node.node.to_string(),
        r#type: node.kind.to_string(),
        micro_usd_per_hour: node.price.0,
        held_ns: nanoseconds(node.held),
        billed_ns: nanoseconds(node.billed),
        micro_usd: amount.0,
    };
    priced.map(node).collect()
}

fn entries(report: &CostReport) -> Vec<api::CostEntry> {
    let entries = &report.bill.entries;
    let costs: Vec<Cost> = entries.iter().map(|entry| entry.cost).collect();
    let priced = entries.iter().zip(apportion(&costs));
    priced
        .map(|(entry, amount)| api::CostEntry {
            node: entry.node.to_string(),
            r#use: entry.purpose.label().to_owned(),
            function: entry.function.as_ref().map(ToString::to_string),
            task: entry.task.map(|task| task.0),
            device_ns: nanoseconds(entry.device_time),
            micro_usd: amount.0,
        })
        .collect()
}

pub(super) fn bill(
    total: Cost,
    lines_of: &[BillLine],
    prices: &BookName,
    shown: Option<api::Floors>,
    said: Option<&Quoted>,
) -> api::Bill {
    let costs = lines_of.iter().map(|line| line.cost);
    debug_assert_eq!(costs.sum::<Cost>(), total, "M2: lines add up");
    let lines = lines(lines_of);
    api::Bill {
        total_micro_usd: lines.iter().map(|line| line.micro_usd).sum(),
        lines,
        price_book: book(prices),
        floors: shown,
        quoted: said.map(quoted),
    }
}

fn lines(lines: &[BillLine]) -> Vec<api::BillLine> {
    let costs: Vec<Cost> = lines.iter().map(|line| line.cost).collect();
    let priced = lines.iter().zip(apportion(&costs));
    priced
        .map(|(line, micro_usd)| api::BillLine {
            name: line.name.to_owned(),
            micro_usd: micro_usd.0,
            device_ns: line.time.map_or(0, nanoseconds),
        })
        .collect()
}

pub(super) fn book(prices: &BookName) -> api::PriceBookName {
    api::PriceBookName {
        name: prices.name.clone(),
        date: prices.date.clone(),
        source: prices.sources.join("; "),
    }
}

pub(super) fn floors(floors: &Floors, rented: Cost) -> api::Floors {
    api::Floors {
        rented_micro_usd: rounded(rented),
        fleet_micro_usd: rounded(floors.fleet.cost),
        fleet_ns: nanoseconds(floors.fleet.time),
        market_micro_usd: rounded(floors.market.cost),
        market_nodes: floors
            .market_nodes
            .iter()
            .map(ToString::to_string)
            .collect(),
        gap_percent: floors.gap * 100.0,
        error_percent: floors.error * 100.0,
    }
}

pub(super) fn split(split: &Split) -> api::Split {
    let causes = split.causes.iter().map(|(_, cost)| *cost);
    let costs: Vec<Cost> = causes.chain([split.actual]).collect();
    let amounts = apportion(&costs);
    let (actual, causes) = amounts.split_last().expect("the actual cost is the last");
    let causes = split.causes.iter().zip(causes);
    api::Split {
        simulated: true,
        baseline_micro_usd: amounts.iter().map(|amount| amount.0).sum(),
        causes: causes
            .map(|((cause, _), amount)| api::SplitCause {
                cause: cause.word().to_owned(),
                saved_micro_usd: amount.0,
            })
            .collect(),
        actual_micro_usd: actual.0,
        best_monolith: split.best_monolith.as_ref().map(|monolith| api::Monolith {
            node: monolith.node.to_string(),
            concurrency: monolith.concurrency,
            micro_usd: rounded(monolith.cost),
            ns: nanoseconds(monolith.time),
        }),
    }
}
