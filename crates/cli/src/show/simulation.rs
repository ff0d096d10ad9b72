//! A simulated run: what it took, what it cost, how far that is from the least.

use std::collections::BTreeMap;

use dice_simulate::{DeviceReport, Report, Sizes};

use super::{duration, table};

/// Devices of one kind are one line: there may be thousands.
pub(crate) fn simulation(report: &Report) -> String {
    let Report {
        scenario,
        tasks,
        calls,
        leases,
        policy,
        seed,
        ..
    } = report;
    let took = duration((report.makespan_seconds * 1e9) as u64);
    let mut lines = vec![
        format!("{scenario}: SIMULATED, policy {policy}, seed {seed}"),
        format!(
            "{tasks} tasks, {calls} calls in {leases} leases: {took}, devices {} at work",
            percent(report.utilisation)
        ),
        String::new(),
        kinds(&report.devices),
        String::new(),
        costs(report),
    ];
    let warnings = report.prices.warnings.iter();
    lines.extend(warnings.map(|warning| format!("note: {warning}")));
    lines.join("\n")
}

/// A fleet a line; the cheapest for its deadline is marked.
pub(crate) fn sizes(sizes: &Sizes) -> String {
    let rows = sizes.choices.iter().map(|choice| {
        vec![
            format!("× {}", choice.times),
            choice.devices.to_string(),
            duration((choice.makespan_seconds * 1e9) as u64),
            format!("${:.6}", choice.cost_usd),
            if choice.on_front { "●" } else { "" }.to_owned(),
        ]
    });
    let headings = [
        "nodes",
        ">devices",
        ">takes",
        ">costs",
        "cheapest for its deadline",
    ];
    format!(
        "{}: SIMULATED, prices {}\n\n{}",
        sizes.scenario,
        sizes.prices,
        table(&headings, rows)
    )
}

fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

fn kinds(devices: &[DeviceReport]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&DeviceReport>> = BTreeMap::new();
    for device in devices {
        kinds.entry(&device.kind).or_default().push(device);
    }
    let rows = kinds.into_iter().map(|(kind, devices)| {
        let mean = |of: fn(&DeviceReport) -> f64| {
            let sum: f64 = devices.iter().map(|device| of(device)).sum();
            duration((sum / devices.len() as f64 * 1e9) as u64)
        };
        vec![
            kind.to_owned(),
            devices.len().to_string(),
            mean(|device| device.execute_seconds),
            mean(|device| device.load_seconds),
            mean(|device| device.idle_seconds),
        ]
    });
    table(
        &["device", ">count", ">executing, mean", ">loading", ">idle"],
        rows,
    )
}

fn costs(report: &Report) -> String {
    let usd = |amount: f64| format!("${amount:.6}");
    let rows = [
        ("cost", usd(report.cost_usd), String::new()),
        ("per task", usd(report.cost_per_task_usd), String::new()),
        (
            "floor of this fleet",
            usd(report.fleet_floor_usd),
            format!("gap {:.1} %", report.gap_to_fleet_floor_percent),
        ),
        (
            "floor of the market",
            usd(report.market_floor_usd),
            "any number of these node types".to_owned(),
        ),
    ];
    let rows = rows.map(|(what, amount, note)| vec![what.to_owned(), amount, note]);
    let book = &report.prices;
    let heading = format!("prices {} of {}", book.book, book.date);
    table(&[&heading, ">", ""], rows)
}
