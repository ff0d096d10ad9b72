//! Whether a budget and a deadline can be kept, and what would do if not.

use std::time::Duration;

use dice_model::Cost;
use dice_simulate::{Estimate, QuoteError};

use super::Asked;

/// More nodes are tried up to so many times as many.
const MORE_NODES: [u32; 5] = [2, 4, 8, 16, 32];

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What cannot be kept: the likely run breaks it. Empty: go ahead.
    pub refused: Vec<String>,
    /// What may be broken: one run of ten, or more, does.
    pub doubtful: Vec<String>,
    pub would_do: Vec<String>,
}

impl Verdict {
    pub(super) fn of(
        asked: &Asked,
        estimate: &Estimate,
        budget: Option<Cost>,
        deadline: Option<Duration>,
    ) -> Result<Self, QuoteError> {
        let mut verdict = Self::default();
        if let Some(budget) = budget {
            verdict.budget(asked, estimate, budget)?;
        }
        if let Some(deadline) = deadline {
            verdict.deadline(asked, estimate, deadline)?;
        }
        Ok(verdict)
    }

    fn budget(
        &mut self,
        asked: &Asked,
        estimate: &Estimate,
        budget: Cost,
    ) -> Result<(), QuoteError> {
        let cost = &estimate.cost;
        if cost.high <= budget {
            return Ok(());
        }
        let shown = format!("a budget of {}: likely {}", usd(budget), usd(cost.likely));
        let text = format!(
            "{shown}, and one run of ten costs {} or more",
            usd(cost.high)
        );
        self.judge(cost.likely > budget, text);
        self.would_do
            .push(format!("a budget of {}", usd(cost.high)));
        // Fewer tasks, in proportion and then looked at again: loading models does not shrink with them.
        let share = budget.as_usd() / cost.high.as_usd();
        let fewer = (asked.tasks as f64 * share) as usize;
        if fewer > 0 && asked.estimate(1, fewer)?.cost.high <= budget {
            self.would_do
                .push(format!("{fewer} tasks within this budget"));
        }
        Ok(())
    }

    fn deadline(
        &mut self,
        asked: &Asked,
        estimate: &Estimate,
        deadline: Duration,
    ) -> Result<(), QuoteError> {
        let time = &estimate.time;
        if time.high <= deadline {
            return Ok(());
        }
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let shown = format!(
            "a deadline of {}: likely {}",
            seconds(deadline),
            seconds(time.likely)
        );
        let text = format!(
            "{shown}, and one run of ten takes {} or more",
            seconds(time.high)
        );
        self.judge(time.likely > deadline, text);
        self.would_do
            .push(format!("a deadline of {}", seconds(time.high)));
        for times in MORE_NODES {
            let more = asked.estimate(times, asked.tasks)?;
            if more.time.high <= deadline {
                let cost = more.cost;
                let text = format!(
                    "{times} times as many nodes: {} to {}",
                    usd(cost.low),
                    usd(cost.high)
                );
                self.would_do.push(text);
                break;
            }
        }
        Ok(())
    }

    fn judge(&mut self, broken: bool, text: String) {
        if broken {
            self.refused.push(text);
        } else {
            self.doubtful.push(text);
        }
    }
}

fn usd(cost: Cost) -> String {
    dice_model::apportion(&[cost])[0].to_string()
}
