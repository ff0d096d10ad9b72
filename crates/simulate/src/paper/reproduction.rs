//! All of it together, as `dice simulate scenarios/paper/tables.toml --json` prints it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ours::{Baselines, Prices};
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
        let baselines = split
            .cells
            .iter()
            .filter(|cell| cell.setting == Setting::Baseline);
        let baselines = baselines.map(|cell| (cell.nodes, cell.minutes)).collect();
        let prices = Prices::shipped();
        // The other explanation needs nothing of what follows, nor that of it.
        let (crossing_machines, rest) = at_once(
            || {
                let crossing = self.fit_from(fit, Explanation::CrossingMachines)?;
                self.explained(crossing, Explanation::CrossingMachines)
            },
            || {
                let ours = self.all_of_ours(&fit, &prices, &baselines)?;
                let mid = ours.get("mid").unwrap_or(&ours["unbatched"]);
                let beyond = self.beyond(&fit, &prices, mid)?;
                Ok::<_, PaperError>((ours, beyond))
            },
        );
        let (ours, beyond) = rest?;
        Ok(Reproduction {
            crossing_machines: crossing_machines?,
            beyond,
            split,
            ours,
        })
    }

    /// Each case of batching, in threads of their own.
    fn all_of_ours(
        &self,
        fit: &Fit,
        prices: &Prices,
        baselines: &Baselines,
    ) -> Result<BTreeMap<String, Ours>, PaperError> {
        let batched = self
            .gains
            .iter()
            .map(|(case, gains)| (case.as_str(), Some(gains)));
        let cases: Vec<_> = std::iter::once(("unbatched", None))
            .chain(batched)
            .collect();
        std::thread::scope(|scope| {
            let runs: Vec<_> = cases
                .into_iter()
                .map(|(case, gains)| {
                    let run = move || self.ours(fit, gains, prices, baselines);
                    (case, scope.spawn(run))
                })
                .collect();
            let runs = runs.into_iter();
            runs.map(|(case, run)| Ok((case.to_owned(), run.join().expect(NO_PANIC)?)))
                .collect()
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

const NO_PANIC: &str = "simulations do not panic";

/// Simulations that do not need each other's outcome: on two processors in half the time.
pub(crate) fn at_once<A: Send, B>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().expect(NO_PANIC), second)
    })
}

fn errors(cells: &[Cell], which: fn(&Cell) -> bool) -> impl Iterator<Item = f64> {
    let cells = cells.iter().filter(move |cell| which(cell));
    cells.map(|cell| cell.error_percent.abs())
}

fn mean(cells: &[Cell], which: fn(&Cell) -> bool) -> f64 {
    errors(cells, which).sum::<f64>() / errors(cells, which).count().max(1) as f64
}
