//! Four parameters, each found from the one cell that it decides.

use serde::Serialize;

use super::cells::Who;
use super::{Explanation, PaperError, Setting, Tables};
use crate::simulate;

/// What was fitted. Seconds on the A100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fit {
    pub blip_seconds: f64,
    /// glip once and xvlm twice a car: the tables do not tell them apart.
    pub finders_seconds_a_task: f64,
    pub program_seconds_a_task: f64,
    /// How many times as slow the A6000 is as the A100.
    pub a6000_slowdown: f64,
    /// How much longer a call takes once calls cross machines; 0 where that explains nothing.
    pub crossing_seconds: f64,
}

/// A parameter, the cell that decides it, and between what it is looked for.
struct Search {
    cell: (Setting, u32),
    of: fn(&mut Fit) -> &mut f64,
    between: (f64, f64),
}

impl Tables {
    /// The cells that parameters are fitted to.
    pub fn fitted_cells(&self) -> [(Setting, u32); 4] {
        let searches = self.searches(Explanation::SplitFunctions);
        searches.map(|search| search.cell)
    }

    fn searches(&self, explanation: Explanation) -> [Search; 4] {
        let several = (Setting::Identical, self.fit.multi_node_cell);
        let step = match explanation {
            Explanation::SplitFunctions => Search {
                cell: several,
                of: |fit| &mut fit.blip_seconds,
                between: (0.05, 2.0),
            },
            Explanation::CrossingMachines => Search {
                cell: several,
                of: |fit| &mut fit.crossing_seconds,
                between: (0.0, 1.0),
            },
        };
        [
            step,
            Search {
                cell: (Setting::Identical, 1),
                of: |fit| &mut fit.finders_seconds_a_task,
                between: (0.05, 10.0),
            },
            Search {
                cell: (Setting::Baseline, 1),
                of: |fit| &mut fit.program_seconds_a_task,
                between: (0.0, 20.0),
            },
            Search {
                cell: (Setting::Different, 1),
                of: |fit| &mut fit.a6000_slowdown,
                between: (0.5, 5.0),
            },
        ]
    }

    /// Each parameter in turn by bisection, since every cell grows with its own; again until all stand
    /// still, since each cell depends a little on the others too.
    pub fn fit(&self) -> Result<Fit, PaperError> {
        let begin = Fit {
            blip_seconds: 0.5,
            finders_seconds_a_task: 1.5,
            program_seconds_a_task: 4.0,
            a6000_slowdown: 1.5,
            crossing_seconds: 0.0,
        };
        self.fit_from(begin, Explanation::SplitFunctions)
    }

    pub(crate) fn fit_from(
        &self,
        mut fit: Fit,
        explanation: Explanation,
    ) -> Result<Fit, PaperError> {
        for _ in 0..ROUNDS {
            for search in self.searches(explanation) {
                self.bisect(&mut fit, &search, explanation)?;
            }
        }
        Ok(fit)
    }

    fn bisect(
        &self,
        fit: &mut Fit,
        search: &Search,
        explanation: Explanation,
    ) -> Result<(), PaperError> {
        let (setting, nodes) = search.cell;
        let goal = self.minutes(setting, nodes);
        let (mut low, mut high) = search.between;
        while high - low > EXACTNESS * high.max(EXACTNESS) {
            let middle = f64::midpoint(low, high);
            *(search.of)(fit) = middle;
            if self.predict(fit, setting, nodes, explanation)? < goal {
                low = middle;
            } else {
                high = middle;
            }
        }
        *(search.of)(fit) = f64::midpoint(low, high);
        Ok(())
    }

    /// Minutes that the paper's way takes.
    pub(crate) fn predict(
        &self,
        fit: &Fit,
        setting: Setting,
        nodes: u32,
        explanation: Explanation,
    ) -> Result<f64, PaperError> {
        let scenario = self.scenario(fit, setting, nodes, Who::Paper(explanation));
        scenario.check()?;
        Ok(simulate(&scenario)?.makespan.as_secs_f64() / 60.0)
    }
}

const ROUNDS: usize = 3;
/// Of a parameter; the paper's minutes are rounded to one in a hundred.
const EXACTNESS: f64 = 1e-4;
