//! The paper's figures 10, 11, 13, 14 and 15, redrawn from the simulation.

use std::time::Duration;

use dice_simulate::paper::{BatchOnOneNode, CallSpan, Figures, NODES_OF_ONE_TASK};

use crate::{Bar, Bars, Lines, Mark, Named, PlotError, Row, Series};

const SIDES: [&str; 2] = ["baseline", "DiCE-C"];

/// All of them, in the paper's order.
pub fn figures(figures: &Figures) -> Result<Vec<Named>, PlotError> {
    let [baseline, dice_c] = &figures.one_task;
    let until = baseline
        .iter()
        .map(|call| seconds(call.to))
        .fold(0.0, f64::max);
    let on = format!("Figure 11: one task of DiCE-C on {NODES_OF_ONE_TASK} × (A6000 + A4000)");
    let [before, after] = &figures.batch;
    let tasks = |batch: &BatchOnOneNode| {
        let ends = batch.first_tasks.iter().map(|(_, to)| seconds(*to));
        ends.fold(0.0, f64::max)
    };
    let longest = tasks(before).max(tasks(after));
    let cpu = figures.batch.each_ref().map(|batch| &batch.programs);
    let gpu = figures.batch.each_ref().map(|batch| &batch.gpu_percent);
    Ok(vec![
        (
            "figure-10",
            calls(
                "Figure 10: one task of the baseline on an A100",
                baseline,
                until,
            )
            .draw()?,
        ),
        ("figure-11", calls(&on, dice_c, until).draw()?),
        (
            "figure-13-baseline",
            first_tasks("Figure 13: the first 50 tasks, baseline", before, longest).draw()?,
        ),
        (
            "figure-13-dice-c",
            first_tasks("Figure 13: the first 50 tasks, DiCE-C", after, longest).draw()?,
        ),
        (
            "figure-14",
            by_minute("Figure 14: programs that compute", "programs", cpu, 2.0).draw()?,
        ),
        (
            "figure-15",
            by_minute("Figure 15: GPU load", "percent", gpu, 120.0).draw()?,
        ),
    ])
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

/// A row for each call, in the order in which they ran.
fn calls(title: &str, calls: &[CallSpan], until: f64) -> Bars {
    let mut kinds: Vec<String> = Vec::new();
    let rows = calls.iter().map(|call| {
        let name = call.function.to_string();
        let kind = kinds.iter().position(|kind| *kind == name);
        let kind = kind.unwrap_or_else(|| {
            kinds.push(name.clone());
            kinds.len() - 1
        });
        let bar = Bar {
            from: seconds(call.from),
            to: seconds(call.to),
            kind,
        };
        Row {
            label: name,
            bars: vec![bar],
        }
    });
    Bars {
        title: title.to_owned(),
        x: "seconds".to_owned(),
        y: "calls".to_owned(),
        rows: rows.collect(),
        kinds,
        until,
    }
}

fn first_tasks(title: &str, batch: &BatchOnOneNode, until: f64) -> Bars {
    let rows = batch.first_tasks.iter().map(|(from, to)| Row {
        label: String::new(),
        bars: vec![Bar {
            from: seconds(*from),
            to: seconds(*to),
            kind: 0,
        }],
    });
    Bars {
        title: title.to_owned(),
        x: "seconds since the start of the batch".to_owned(),
        y: "task".to_owned(),
        rows: rows.collect(),
        kinds: vec!["task".to_owned()],
        until,
    }
}

/// Each minute's mean stands in the middle of it.
fn by_minute(title: &str, y: &str, sides: [&Vec<f64>; 2], at_least: f64) -> Lines {
    let series = SIDES.iter().zip(sides).map(|(name, means)| Series {
        name: (*name).to_owned(),
        points: (0..)
            .zip(means)
            .map(|(minute, &mean)| (f64::from(minute) + 0.5, mean))
            .collect(),
        mark: Mark::Line,
    });
    Lines {
        title: title.to_owned(),
        x: "minutes since the start of the batch".to_owned(),
        y: y.to_owned(),
        series: series.collect(),
        y_shows: (0.0, at_least),
    }
}
