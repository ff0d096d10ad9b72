//! Cost against time: the same scenario on more and on fewer nodes.

use dice_cost::PriceBook;
use serde::Serialize;

use crate::{ReportError, Scenario, simulate};

/// Figures that differ by a smaller part than this are the same.
const SAME: f64 = 1e-3;

/// The same work on fleets of several sizes, as `dice simulate --times --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sizes {
    pub scenario: String,
    /// Always true.
    pub simulated: bool,
    /// The price book.
    pub prices: String,
    pub choices: Vec<Choice>,
}

/// One size of the fleet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// The scenario's nodes, so many times.
    pub times: u32,
    pub devices: usize,
    pub makespan_seconds: f64,
    pub cost_usd: f64,
    /// No other choice is both as fast and as cheap: it is on the Pareto front, the cheapest for its
    /// makespan as a deadline.
    pub on_front: bool,
}

impl Scenario {
    /// Runs it with its nodes, and its tasks at once, multiplied by each of these.
    pub fn sizes(&self, times: &[u32], prices: &PriceBook) -> Result<Sizes, ReportError> {
        let choices = times.iter().map(|&times| self.size(times, prices));
        let mut choices = choices.collect::<Result<Vec<_>, _>>()?;
        for place in 0..choices.len() {
            let this = &choices[place];
            let beaten = choices.iter().any(|other| other.beats(this));
            choices[place].on_front = !beaten;
        }
        Ok(Sizes {
            scenario: self.name.clone(),
            simulated: true,
            prices: prices.name.clone(),
            choices,
        })
    }

    fn size(&self, times: u32, prices: &PriceBook) -> Result<Choice, ReportError> {
        let mut scenario = self.clone();
        scenario.concurrency = scenario.concurrency.saturating_mul(times);
        for node in &mut scenario.nodes {
            node.count = node.count.saturating_mul(times);
        }
        let outcome = simulate(&scenario)?;
        Ok(Choice {
            times,
            devices: outcome.devices.len(),
            makespan_seconds: outcome.makespan.as_secs_f64(),
            cost_usd: outcome.rent(prices)?.as_usd(),
            on_front: false,
        })
    }
}

impl Choice {
    /// In time, cost or both, and in neither worse by more than nobody would see: a fleet twice the size that
    /// is a millisecond faster is no choice.
    fn beats(&self, other: &Self) -> bool {
        let no_worse = |this: f64, other: f64| this <= other * (1.0 + SAME);
        let better = |this: f64, other: f64| this < other * (1.0 - SAME);
        let (times, costs) = (
            (self.makespan_seconds, other.makespan_seconds),
            (self.cost_usd, other.cost_usd),
        );
        let in_none_worse = no_worse(times.0, times.1) && no_worse(costs.0, costs.1);
        in_none_worse && (better(times.0, times.1) || better(costs.0, costs.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_beaten_by_one_that_is_as_good_and_better() {
        let choice = |makespan_seconds, cost_usd| Choice {
            times: 1,
            devices: 1,
            makespan_seconds,
            cost_usd,
            on_front: false,
        };
        let check = |this: (f64, f64), other: (f64, f64), expect| {
            let (this, other) = (choice(this.0, this.1), choice(other.0, other.1));
            assert_eq!(this.beats(&other), expect, "{this:?} {other:?}");
        };
        check((10.0, 1.0), (10.0, 1.0), false);
        check((9.0, 1.0), (10.0, 1.0), true);
        check((9.0, 1.1), (10.0, 1.0), false);
        // Twice the cost for a millisecond.
        check((10.0, 1.0), (9.999, 2.0), true);
        check((9.999, 2.0), (10.0, 1.0), false);
    }
}
