//! Four parameters, each found from the one cell that it decides.

use serde::Serialize;

use super::cells::Who;
use super::{PaperError, Setting, Tables};
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
        self.searches().map(|search| search.cell)
    }

    fn searches(&self) -> [Search; 4] {
        [
            Search {
                cell: (Setting::Identical, self.fit.multi_node_cell),
                of: |fit| &mut fit.blip_seconds,
                between: (0.05, 2.0),
            },
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
        let mut fit = Fit {
            blip_seconds: 0.5,
            finders_seconds_a_task: 1.5,
            program_seconds_a_task: 4.0,
            a6000_slowdown: 1.5,
        };
        for _ in 0..ROUNDS {
            for search in self.searches() {
                self.bisect(&mut fit, &search)?;
            }
        }
        Ok(fit)
    }

    fn bisect(&self, fit: &mut Fit, search: &Search) -> Result<(), PaperError> {
        let (setting, nodes) = search.cell;
        let goal = self.minutes(setting, nodes);
        let (mut low, mut high) = search.between;
        while high - low > EXACTNESS * high {
            let middle = f64::midpoint(low, high);
            *(search.of)(fit) = middle;
            if self.predict(fit, setting, nodes)? < goal {
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
    ) -> Result<f64, PaperError> {
        let scenario = self.scenario(fit, setting, nodes, Who::Paper);
        scenario.check()?;
        Ok(simulate(&scenario)?.makespan.as_secs_f64() / 60.0)
    }
}

const ROUNDS: usize = 3;
/// Of a parameter; the paper's minutes are rounded to one in a hundred.
const EXACTNESS: f64 = 1e-4;
