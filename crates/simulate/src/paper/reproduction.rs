//! All of it together, as `dice simulate scenarios/paper/tables.toml --json` prints it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ours::Prices;
use super::{Beyond, Explanation, Fit, Ours, PaperError, Setting, Tables};

/// Everything in it is simulated; the paper's minutes stand beside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reproduction {
    /// With functions split over the GPUs, as all that follows.
    #[serde(flatten)]
    pub split: Explained,
    /// The same with the other explanation of the step from one node to two.
    pub crossing_machines: Explained,
    /// `unbatched`, and each case of gains.
    pub ours: BTreeMap<String, Ours>,
    pub beyond: Beyond,
}

/// All cells with one explanation of what the paper leaves open.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    pub hypothesis: Explanation,
    pub fit: Fit,
    /// Over all cells.
    pub mean_absolute_error_minutes_percent: f64,
    /// Over those that nothing was fitted to.
    pub held_out_error_minutes_percent: f64,
    pub worst_error_minutes_percent: f64,
    pub cells: Vec<Cell>,
}

/// The paper's minutes, and ours for the paper's way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    pub setting: Setting,
    pub nodes: u32,
    pub paper_minutes: f64,
    pub minutes: f64,
    pub error_percent: f64,
    pub fitted: bool,
}

impl Tables {
    /// Fits, predicts, and runs the same work under our policy.
    pub fn reproduce(&self) -> Result<Reproduction, PaperError> {
        let fit = self.fit()?;
        let split = self.explained(fit, Explanation::SplitFunctions)?;
        let crossing = self.fit_from(fit, Explanation::CrossingMachines)?;
        let baselines = split
            .cells
            .iter()
            .filter(|cell| cell.setting == Setting::Baseline);
        let baselines = baselines.map(|cell| (cell.nodes, cell.minutes)).collect();
        let prices = Prices::shipped();
        let unbatched = self.ours(&fit, None, &prices, &baselines)?;
        let mut ours = BTreeMap::from([("unbatched".to_owned(), unbatched)]);
        for (case, gains) in &self.gains {
            let batched = self.ours(&fit, Some(gains), &prices, &baselines)?;
            ours.insert(case.clone(), batched);
        }
        let mid = ours.get("mid").unwrap_or(&ours["unbatched"]);
        Ok(Reproduction {
            crossing_machines: self.explained(crossing, Explanation::CrossingMachines)?,
            beyond: self.beyond(&fit, &prices, mid)?,
            split,
            ours,
        })
    }

    fn explained(&self, fit: Fit, hypothesis: Explanation) -> Result<Explained, PaperError> {
        let fitted = self.fitted_cells();
        let mut cells = Vec::new();
        for (setting, nodes, paper_minutes) in self.cells() {
            let minutes = self.predict(&fit, setting, nodes, hypothesis)?;
            cells.push(Cell {
                setting,
                nodes,
                paper_minutes,
                minutes,
                error_percent: (minutes / paper_minutes - 1.0) * 100.0,
                fitted: fitted.contains(&(setting, nodes)),
            });
        }
        Ok(Explained {
            hypothesis,
            fit,
            mean_absolute_error_minutes_percent: mean(&cells, |_| true),
            held_out_error_minutes_percent: mean(&cells, |cell| !cell.fitted),
            worst_error_minutes_percent: errors(&cells, |_| true).fold(0.0, f64::max),
            cells,
        })
    }
}

fn errors(cells: &[Cell], which: fn(&Cell) -> bool) -> impl Iterator<Item = f64> {
    let cells = cells.iter().filter(move |cell| which(cell));
    cells.map(|cell| cell.error_percent.abs())
}

fn mean(cells: &[Cell], which: fn(&Cell) -> bool) -> f64 {
    errors(cells, which).sum::<f64>() / errors(cells, which).count().max(1) as f64
}
