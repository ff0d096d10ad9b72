//! The paper's two tables found again on the live scheduler, and the same work under our policy.
//!
//! Four parameters are fitted to four of the fourteen cells; the other ten are predicted. What the tables
//! do not identify is given in the file and said to be so.

mod beyond;
mod cells;
mod figures;
mod fit;
mod ours;
mod page;
mod reproduction;
mod scaling;
mod what_if;

use std::collections::BTreeMap;
use std::fmt;

use dice_model::{DeviceType, FunctionId, NodeType};
use serde::{Deserialize, Serialize};

use crate::scenario::CountKey;
use crate::{ScenarioError, SimulationError};

pub use beyond::{Beyond, GainNeeded};
pub use cells::Explanation;
pub use figures::{BatchOnOneNode, CallSpan, Figures, NODES_OF_ONE_TASK};
pub use fit::Fit;
pub use ours::{Case, Ours};
pub use reproduction::{Cell, Explained, Reproduction};
pub use scaling::{Scale, Scaling};
pub use what_if::{FleetChoice, Monolith, Replicas, WhatIf};

/// `scenarios/paper/tables.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    kind: Kind,
    pub seed: u64,
    pub work: TablesWork,
    pub minutes: Minutes,
    pub fit: FitCells,
    pub given: Given,
    pub what_if: WhatIfs,
    pub scaling: Scales,
    /// By case: by device type, by function: throughput of a batch of 16 against single calls.
    pub gains: BTreeMap<String, BTreeMap<DeviceType, BTreeMap<FunctionId, f64>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Kind {
    #[serde(rename = "paper-tables")]
    PaperTables,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TablesWork {
    pub tasks: u64,
    /// How many of the images show how many cars.
    pub cars: BTreeMap<CountKey, u32>,
}

/// As printed in the paper.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    pub nodes: Vec<u32>,
    pub baseline: Vec<f64>,
    pub identical: Vec<f64>,
    pub different_nodes: Vec<u32>,
    pub different: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitCells {
    /// The fourth cell, beside one node of each kind: DiCE-C on so many A100 nodes.
    pub multi_node_cell: u32,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    pub in_flight: u32,
    pub a4000_slowdown: f64,
    pub glip_share: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatIfs {
    pub replicas: Vec<u32>,
    /// Each further replica makes all of them so many times slower.
    pub contention: f64,
    pub fleets: Vec<NodeType>,
    pub fleet_nodes: u32,
    /// That differ: with reuse the calls of each are made once.
    pub images: u64,
    pub monolith_concurrency: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scales {
    pub tasks_a_gpu: u64,
    pub gpus: Vec<u32>,
}

/// A row of cells in the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// One task at a time on each A100 (Tables I and II).
    Baseline,
    /// DiCE-C on A100 nodes (Table I).
    Identical,
    /// DiCE-C on nodes with an A6000 and an A4000 (Table II).
    Different,
}

#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    #[error("paper tables: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("paper tables: {0}")]
    Wrong(String),
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Floor(#[from] dice_cost::FloorError),
}

impl Tables {
    pub fn parse(text: &str) -> Result<Self, PaperError> {
        let tables: Self = toml::from_str(text)?;
        tables.check().map_err(PaperError::Wrong)?;
        Ok(tables)
    }

    /// Whether a scenario file is one of these; any other is a [`crate::Scenario`].
    pub fn is_one(text: &str) -> bool {
        let table = text.parse::<toml::Table>();
        table.is_ok_and(|table| {
            table.get("kind").and_then(|kind| kind.as_str()) == Some("paper-tables")
        })
    }

    fn check(&self) -> Result<(), String> {
        let minutes = &self.minutes;
        let rows = [
            ("baseline", minutes.baseline.len(), minutes.nodes.len()),
            ("identical", minutes.identical.len(), minutes.nodes.len()),
            (
                "different",
                minutes.different.len(),
                minutes.different_nodes.len(),
            ),
        ];
        for (row, cells, nodes) in rows {
            if cells != nodes || cells == 0 {
                return Err(format!("minutes.{row}: {cells} cells for {nodes} sizes"));
            }
        }
        if minutes.nodes[0] != 1 || minutes.different_nodes[0] != 1 {
            return Err("minutes: the first size must be one node".to_owned());
        }
        if !minutes.nodes.contains(&self.fit.multi_node_cell) || self.fit.multi_node_cell < 2 {
            return Err("fit.multi_node_cell: must be one of minutes.nodes above 1".to_owned());
        }
        Ok(())
    }

    /// Every cell of the tables: setting, nodes, minutes.
    pub fn cells(&self) -> impl Iterator<Item = (Setting, u32, f64)> {
        let minutes = &self.minutes;
        let row = |setting, nodes: &[u32], cells: &[f64]| {
            let cells = nodes.iter().zip(cells);
            cells
                .map(|(&nodes, &minutes)| (setting, nodes, minutes))
                .collect::<Vec<_>>()
        };
        let rows = [
            row(Setting::Baseline, &minutes.nodes, &minutes.baseline),
            row(Setting::Identical, &minutes.nodes, &minutes.identical),
            row(
                Setting::Different,
                &minutes.different_nodes,
                &minutes.different,
            ),
        ];
        rows.into_iter().flatten()
    }

    pub(crate) fn minutes(&self, setting: Setting, nodes: u32) -> f64 {
        let mut cells = self.cells();
        let cell = cells.find(|(at, size, _)| *at == setting && *size == nodes);
        cell.expect("asked for sizes of the tables only").2
    }

    fn cars_per_image(&self) -> f64 {
        let images: u32 = self.work.cars.values().sum();
        let cars = self.work.cars.iter().map(|(cars, images)| cars.0 * images);
        f64::from(cars.sum::<u32>()) / f64::from(images)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Baseline => "baseline",
            Self::Identical => "identical hardware",
            Self::Different => "different hardware",
        })
    }
}
