//! A row of a price book's file, and what it must fulfil.

use std::time::Duration;

use dice_model::{DeviceType, MicroUsd, PricePerHour};
use serde::Deserialize;

use super::{NodePrice, OfferedDevice, SpotPrice};
use crate::Date;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) r#type: String,
    /// Text, since a binary float cannot hold $2.20.
    usd_per_hour: String,
    source: String,
    #[serde(default)]
    assumed: bool,
    billing_seconds: u32,
    #[serde(default)]
    minimum_seconds: u32,
    #[serde(default)]
    start_up_seconds: u32,
    spot: Option<SpotRow>,
    egress_usd_per_gb: Option<String>,
    #[serde(default)]
    devices: Vec<DeviceRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpotRow {
    usd_per_hour: String,
    taken_back_after_hours: f64,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceRow {
    r#type: DeviceType,
    #[serde(default = "one")]
    count: usize,
    memory: String,
}

const fn one() -> usize {
    1
}

pub(super) fn node_price(row: Row, date: Date) -> Result<NodePrice, String> {
    let price = per_hour(&row.usd_per_hour)?;
    if row.billing_seconds == 0 {
        return Err("billing_seconds must be at least 1".to_owned());
    }
    if row.source.trim().is_empty() {
        return Err("the price needs a source".to_owned());
    }
    let spot = row.spot.map(spot_price).transpose();
    let devices = row
        .devices
        .iter()
        .map(device)
        .collect::<Result<Vec<_>, _>>();
    Ok(NodePrice {
        price,
        source: row.source,
        assumed: row.assumed,
        granularity: Duration::from_secs(row.billing_seconds.into()),
        minimum: Duration::from_secs(row.minimum_seconds.into()),
        start_up: Duration::from_secs(row.start_up_seconds.into()),
        spot: spot.map_err(|problem| format!("spot: {problem}"))?,
        egress_per_gb: row.egress_usd_per_gb.as_deref().map(egress).transpose()?,
        devices: devices?.into_iter().flatten().collect(),
        date,
    })
}

fn spot_price(row: SpotRow) -> Result<SpotPrice, String> {
    let life = Duration::try_from_secs_f64(row.taken_back_after_hours * 3600.0);
    let mean_life = life.ok().filter(|life| !life.is_zero());
    if row.source.trim().is_empty() {
        return Err("the price needs a source".to_owned());
    }
    Ok(SpotPrice {
        price: per_hour(&row.usd_per_hour)?,
        mean_life: mean_life.ok_or("taken_back_after_hours must be above 0: on average")?,
        source: row.source,
    })
}

fn per_hour(text: &str) -> Result<PricePerHour, String> {
    match micro_usd(text) {
        None => {
            Err("usd_per_hour must be dollars as text, with at most six decimals: \"2.20\"".into())
        }
        Some(0) => Err("the price is zero; nothing that can be rented is free".to_owned()),
        Some(price) => Ok(PricePerHour(price)),
    }
}

/// Zero is a price here: many providers ask nothing for it.
fn egress(text: &str) -> Result<MicroUsd, String> {
    let amount = micro_usd(text).and_then(|amount| i64::try_from(amount).ok());
    amount.map(MicroUsd).ok_or_else(|| {
        "egress_usd_per_gb must be dollars as text, with at most six decimals: \"0.09\"".to_owned()
    })
}

fn device(row: &DeviceRow) -> Result<Vec<OfferedDevice>, String> {
    let kind = &row.r#type;
    let gib = row
        .memory
        .strip_suffix("Gi")
        .and_then(|gib| gib.parse::<u64>().ok());
    let memory_bytes = gib
        .and_then(|gib| gib.checked_mul(1 << 30))
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| format!("{kind}: memory must be like \"16Gi\", not {:?}", row.memory))?;
    let device = OfferedDevice {
        kind: kind.clone(),
        memory_bytes,
    };
    Ok(vec![device; row.count])
}

/// `"2.20"` is 2,200,000.
fn micro_usd(text: &str) -> Option<u64> {
    let (dollars, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if dollars.is_empty() || decimals.len() > 6 || !digits(dollars) || !digits(decimals) {
        return None;
    }
    let dollars: u64 = dollars.parse().ok()?;
    let micro: u64 = format!("{decimals:0<6}").parse().ok()?;
    dollars.checked_mul(1_000_000)?.checked_add(micro)
}
