//! A cost report as CSV: one row for what each node was used for, by function and task.

use std::collections::HashMap;
use std::io::Write;

use dice_cost::Date;
use dice_server::api::{CostEntry, CostReport, NodeCost};

/// Rows add up to the total, to the µ$.
pub(crate) fn cost_csv(report: &CostReport, to: impl Write) -> std::io::Result<()> {
    let types: HashMap<&str, &str> = node_types(report);
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record([
        "node",
        "node_type",
        "use",
        "function",
        "task",
        "device_seconds",
        "usd",
    ])?;
    for entry in &report.entries {
        let task = entry.task.map(|task| task.to_string());
        writer.write_record([
            &entry.node,
            types.get(entry.node.as_str()).copied().unwrap_or_default(),
            &entry.r#use,
            entry.function.as_deref().unwrap_or_default(),
            task.as_deref().unwrap_or_default(),
            &format!("{:.9}", entry.device_ns as f64 / 1e9),
            &dollars(entry.micro_usd),
        ])?;
    }
    writer.flush()
}

fn node_types(report: &CostReport) -> HashMap<&str, &str> {
    let nodes = report.nodes.iter();
    nodes
        .map(|node| (node.node.as_str(), node.r#type.as_str()))
        .collect()
}

fn dollars(micro_usd: i64) -> String {
    dice_model::MicroUsd(micro_usd).to_string().replace('$', "")
}

/// The mandatory columns of FOCUS 1.2, those others that we have something for, and our own behind `x_`.
const FOCUS: [&str; 38] = [
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "Tags",
    "x_Use",
    "x_Function",
    "x_Task",
    "x_PriceBook",
    "x_Labels",
];

/// Who bills: nobody has sent an invoice, this is what the price book makes of what was rented.
const ISSUER: &str = "DiCE-C";

pub(crate) fn focus_csv(report: &CostReport, to: impl Write) -> std::io::Result<()> {
    let nodes: HashMap<&str, &NodeCost> = report
        .nodes
        .iter()
        .map(|node| (node.node.as_str(), node))
        .collect();
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(FOCUS)?;
    for entry in &report.entries {
        let row = focus_row(report, entry, nodes[entry.node.as_str()]);
        writer.write_record(row)?;
    }
    writer.flush()
}

fn focus_row(report: &CostReport, entry: &CostEntry, node: &NodeCost) -> [String; 38] {
    let cost = dollars(entry.micro_usd);
    let price = dollars(i64::try_from(node.micro_usd_per_hour).unwrap_or(i64::MAX));
    // Hours of the whole node: a device is a part of it, by memory.
    let hours = entry.micro_usd as f64 / node.micro_usd_per_hour.max(1) as f64;
    let (month, next_month) = billing_period(report.from);
    let task = entry.task.map(|task| task.to_string()).unwrap_or_default();
    let function = entry.function.clone().unwrap_or_default();
    let about = if function.is_empty() {
        String::new()
    } else {
        format!(", {function}")
    };
    let text = |text: &str| text.to_owned();
    [
        cost.clone(),
        text("local"),
        text("local"),
        text("USD"),
        next_month,
        month,
        text("Usage"),
        String::new(),
        format!("{} on {} ({}){about}", entry.r#use, entry.node, node.r#type),
        text("Usage-Based"),
        moment(report.to),
        moment(report.from),
        format!("{:.9}", entry.device_ns as f64 / 3.6e12),
        text("Device-Hours"),
        cost.clone(),
        price.clone(),
        cost.clone(),
        text(ISSUER),
        cost,
        price,
        text("Standard"),
        format!("{hours:.12}"),
        text("Hours"),
        text(ISSUER),
        text(ISSUER),
        entry.node.clone(),
        entry.node.clone(),
        node.r#type.clone(),
        text("Compute"),
        text("DiCE-C node"),
        text("Virtual Machines"),
        node.r#type.clone(),
        tags(report, &task),
        entry.r#use.clone(),
        function,
        task,
        format!("{} {}", report.price_book.name, report.price_book.date),
        report.labels.join("; "),
    ]
}

fn tags(report: &CostReport, task: &str) -> String {
    let mut tags = serde_json::Map::new();
    if let Some(batch) = report.batch {
        tags.insert("batch".to_owned(), batch.to_string().into());
    }
    if !task.is_empty() {
        tags.insert("task".to_owned(), task.into());
    }
    serde_json::Value::Object(tags).to_string()
}

/// `2026-11-30T20:05:31Z`: FOCUS knows whole seconds.
fn moment(nanoseconds: u64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    let of_day = seconds % 86_400;
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!(
        "{}T{hour:02}:{minute:02}:{second:02}Z",
        Date::from_unix_seconds(seconds)
    )
}

/// The calendar month, its end exclusive.
fn billing_period(nanoseconds: u64) -> (String, String) {
    let date = Date::from_unix_seconds(nanoseconds / 1_000_000_000).to_string();
    let number = |part: &str| part.parse::<u32>().expect("a date is digits");
    let (year, month) = (number(&date[..4]), number(&date[5..7]));
    let (next_year, next_month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    let first = |year: u32, month: u32| format!("{year:04}-{month:02}-01T00:00:00Z");
    (first(year, month), first(next_year, next_month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_months_are_as_focus_writes_them() {
        let check = |seconds: u64, at: &str, from: &str, to: &str| {
            let nanoseconds = seconds * 1_000_000_000;
            assert_eq!(moment(nanoseconds), at);
            let (month, next) = billing_period(nanoseconds);
            assert_eq!((&month[..10], &next[..10]), (from, to));
        };
        check(0, "1970-01-01T00:00:00Z", "1970-01-01", "1970-02-01");
        check(
            1_798_761_599,
            "2026-12-31T23:59:59Z",
            "2026-12-01",
            "2027-01-01",
        );
    }
}
