//! What many tasks will take and cost, as a range, from a few that ran: before anything is paid for.
//!
//! The tasks of the sample are known; each task that is not is taken to be like one of them, and which
//! ones are common is drawn anew for each of many simulations (a Bayesian bootstrap). ADR 0017.

use std::time::Duration;

use dice_cost::{BillError, PriceBook};
use dice_model::Cost;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Scenario, SimulationError, StagedTask, simulate};

/// Simulations per quote: the tenth of them from either end is the range.
const DRAWS: usize = 50;
/// Tasks that are simulated; more go on at the pace of the second half of these.
const MOST_TASKS: usize = 1_000;
/// The tenth and ninetieth per cent of a normal distribution are so many standard deviations out.
const Z: f64 = 1.281_55;

/// What is to be quoted.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Nodes, functions, policy; its tasks do not count.
    pub world: &'a Scenario,
    /// What some inputs led to, each input once.
    pub sample: &'a [StagedTask],
    /// So many of the sample, from its start, are inputs of the tasks; the others only show what tasks do.
    pub known: usize,
    /// Different inputs of the tasks, the known ones counted.
    pub inputs: usize,
    /// The inputs are taken in turn.
    pub tasks: usize,
    pub prices: &'a PriceBook,
    pub seed: u64,
}

/// Eight of ten runs lie between `low` and `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range<T> {
    pub low: T,
    pub likely: T,
    pub high: T,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    pub cost: Range<Cost>,
    pub time: Range<Duration>,
}

#[derive(Debug, thiserror::Error)]
pub enum QuoteError {
    #[error("nothing to go by: no task of the sample called a function")]
    NoSample,
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Price(#[from] BillError),
}

impl Estimate {
    pub fn new(ask: &Ask<'_>) -> Result<Self, QuoteError> {
        if ask.sample.is_empty() || ask.tasks == 0 {
            return Err(QuoteError::NoSample);
        }
        let mut chance = ChaCha8Rng::seed_from_u64(ask.seed);
        let (mut costs, mut times) = (Vec::new(), Vec::new());
        for _ in 0..DRAWS {
            let (cost, time) = ask.once(&mut chance)?;
            costs.push(cost);
            times.push(time);
        }
        let size = ask.sample.len();
        let (cost, time) = (range(costs, size), range(times, size));
        Ok(Self {
            cost: cost.map(|usd| Cost((usd * 3.6e18) as i128)),
            time: time.map(Duration::from_secs_f64),
        })
    }
}

impl Ask<'_> {
    /// Dollars and seconds of one simulation.
    fn once(&self, chance: &mut ChaCha8Rng) -> Result<(f64, f64), QuoteError> {
        let tasks = self.draw(chance);
        let (cost, time) = self.simulated(&tasks)?;
        if self.tasks <= tasks.len() {
            return Ok((cost, time));
        }
        let half = tasks.len() / 2;
        let (half_cost, half_time) = self.simulated(&tasks[..half])?;
        let more = (self.tasks - tasks.len()) as f64 / (tasks.len() - half) as f64;
        Ok((
            cost + (cost - half_cost) * more,
            time + (time - half_time) * more,
        ))
    }

    fn simulated(&self, tasks: &[StagedTask]) -> Result<(f64, f64), QuoteError> {
        let mut scenario = self.world.clone();
        scenario.work.tasks = tasks.len() as u64;
        let form = scenario.work.form;
        scenario.work.recorded = tasks.iter().map(|task| task.recorded(form)).collect();
        let outcome = simulate(&scenario)?;
        let cost = outcome.rent(self.prices)?;
        Ok((cost.as_usd(), outcome.makespan.as_secs_f64()))
    }

    /// One way the tasks may turn out to be.
    fn draw(&self, chance: &mut ChaCha8Rng) -> Vec<StagedTask> {
        let known = self.known.min(self.sample.len()).min(self.inputs);
        let shares = shares(self.sample.len(), chance);
        let unknown = self.inputs.max(1) - known;
        let drawn = (0..unknown).map(|_| pick(&shares, chance));
        let mut inputs: Vec<usize> = (0..known).chain(drawn).collect();
        inputs.shuffle(chance);
        let tasks = self.tasks.min(MOST_TASKS);
        let turns = inputs.iter().cycle().take(tasks);
        turns.map(|&input| self.sample[input].clone()).collect()
    }
}

/// How common each of the sample may be: evenly drawn from all ways (a flat Dirichlet distribution). What
/// is given is added up.
fn shares(count: usize, chance: &mut ChaCha8Rng) -> Vec<f64> {
    let mut sum = 0.0;
    let shares = (0..count).map(|_| {
        let share: f64 = chance.random_range(f64::MIN_POSITIVE..1.0);
        sum -= share.ln();
        sum
    });
    shares.collect()
}

fn pick(shares: &[f64], chance: &mut ChaCha8Rng) -> usize {
    let whole = shares.last().copied().unwrap_or_default();
    let at = chance.random_range(0.0..1.0) * whole;
    shares
        .partition_point(|&share| share < at)
        .min(shares.len() - 1)
}

/// From the draws' tenth to their ninetieth per cent, wider for what a small sample does not show.
fn range(mut draws: Vec<f64>, sample: usize) -> Range<f64> {
    draws.sort_by(f64::total_cmp);
    let at = |part: f64| draws[((draws.len() - 1) as f64 * part).round() as usize];
    let likely = at(0.5);
    let wider = small_sample(sample);
    let shifted = |bound: f64| (likely + (bound - likely) * wider).max(likely * 0.1);
    Range {
        low: shifted(at(0.1)),
        likely,
        high: shifted(at(0.9)),
    }
}

/// Student's distribution over the normal one, by its expansion in the degrees of freedom (Cornish and
/// Fisher), and the bootstrap's own bias.
fn small_sample(size: usize) -> f64 {
    let freedom = (size.max(2) - 1) as f64;
    let first = (Z.powi(3) + Z) / 4.0;
    let second = (5.0 * Z.powi(5) + 16.0 * Z.powi(3) + 3.0 * Z) / 96.0;
    let student = Z + first / freedom + second / freedom.powi(2);
    student / Z * ((freedom + 1.0) / freedom).sqrt()
}

impl<T> Range<T> {
    pub fn map<U>(self, of: impl Fn(T) -> U) -> Range<U> {
        Range {
            low: of(self.low),
            likely: of(self.likely),
            high: of(self.high),
        }
    }
}

impl<T: PartialOrd> Range<T> {
    pub fn holds(&self, value: &T) -> bool {
        self.low <= *value && *value <= self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_the_wider_the_less_is_known() {
        let check = |known, expect: f64| {
            let found = small_sample(known);
            assert!((found - expect).abs() < 0.05, "{known}: {found}");
        };
        // Student's 90 % points over the normal one, times √(n / (n − 1)).
        check(3, 1.886 / Z * 1.5_f64.sqrt());
        check(8, 1.415 / Z * (8.0_f64 / 7.0).sqrt());
        check(1000, 1.0);
    }

    #[test]
    fn what_is_drawn_is_as_common_as_its_share() {
        let mut chance = ChaCha8Rng::seed_from_u64(1);
        let shares = [0.5, 0.5, 2.0];
        let mut count = [0_u32; 3];
        for _ in 0..1000 {
            count[pick(&shares, &mut chance)] += 1;
        }
        assert!(count[0].abs_diff(250) < 60 && count[1] == 0, "{count:?}");
    }
}
