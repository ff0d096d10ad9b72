//! What many tasks of a program will cost, before they run: from tasks of it that ran.

mod kept;
mod sample;
mod verdict;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use dice_model::{Cost, Digest, TaskId, TaskInput};
use dice_simulate::{Ask, Estimate, Form, Node, QuoteError, Scenario, StagedTask};

use crate::cost::{Ran, Setting};
use crate::report::BookName;
use crate::{Engine, EngineError};

pub use kept::Quoted;
pub use verdict::Verdict;

/// Fewer tasks than this say too little about the others.
const ENOUGH: usize = 5;
/// Tasks that are run to learn from, where nothing else is said.
const SAMPLE: usize = 12;

/// Tasks that somebody thinks of.
#[derive(Debug, Clone)]
pub struct QuoteRequest {
    pub source: String,
    pub filename: String,
    /// Of each different task; taken in turn.
    pub inputs: Vec<Vec<TaskInput>>,
    pub tasks: usize,
    /// Run so many of them now, if none ran before.
    pub sample: Option<usize>,
    pub budget: Option<Cost>,
    pub deadline: Option<Duration>,
}

#[derive(Debug, Clone)]
pub enum QuoteAnswer {
    Quote(Box<Quote>),
    /// Too few tasks of this program ran: some are to be run, which costs something.
    NeedsSample(NeedsSample),
}

/// What would be run, and what is known of its price.
#[derive(Debug, Clone)]
pub struct NeedsSample {
    pub tasks: usize,
    /// Each function that the program names, how often it does, and what one call costs on the dearest
    /// device of the fleet; `None`: no profile says how long it takes.
    pub calls: Vec<(String, usize, Option<Cost>)>,
    /// Each place of the program once: what is called in loops costs more.
    pub at_least: Option<Cost>,
}

#[derive(Debug, Clone)]
pub struct Quote {
    pub estimate: Estimate,
    pub tasks: usize,
    /// Tasks that it was made from, and what those cost that were run for it.
    pub learnt_from: usize,
    pub sampled: Vec<TaskId>,
    pub sample_cost: Cost,
    pub hardware: String,
    pub prices: BookName,
    pub verdict: Verdict,
    pub labels: Vec<String>,
}

impl Engine {
    pub async fn quote(
        self: &Arc<Self>,
        request: QuoteRequest,
    ) -> Result<QuoteAnswer, EngineError> {
        let program = Digest::of(request.source.as_bytes());
        let mut ran = self.ran_before(program).await?;
        let mut sampled = Vec::new();
        if known_inputs(&ran) < ENOUGH.min(request.inputs.len()) {
            let Some(size) = request.sample else {
                return Ok(QuoteAnswer::NeedsSample(self.needs_sample(&request)));
            };
            sampled = self.run_sample(&request, size).await?;
            ran = self.ran_before(program).await?;
        }
        let quote = self.quote_from(&request, &ran, sampled).await?;
        self.keep_quote(program, &quote);
        Ok(QuoteAnswer::Quote(Box::new(quote)))
    }

    async fn quote_from(
        self: &Arc<Self>,
        request: &QuoteRequest,
        ran: &[Ran],
        sampled: Vec<TaskId>,
    ) -> Result<Quote, EngineError> {
        let program = Digest::of(request.source.as_bytes());
        let sample_cost = self.cost_of_sample(ran, &sampled).await?;
        let learnt = self.learnt(request, ran).await?;
        let fleet: Vec<_> = self
            .fleet()
            .nodes
            .iter()
            .map(|node| node.spec.clone())
            .collect();
        let setting = Setting {
            nodes: &fleet,
            form: Form::Distributed,
            concurrency: self.concurrency(),
            batching: true,
        };
        let world = self.scenario(&learnt.observed, learnt.tasks.clone(), &setting);
        let mut world = world.map_err(EngineError::CannotQuote)?;
        // A real run begins without models in memory.
        for device in world.nodes.iter_mut().flat_map(|node| &mut node.devices) {
            device.holds.clear();
        }
        if let Some(overhead) = self.overhead_of(ran, &sampled, &learnt, &world) {
            self.keep_overhead(program, overhead);
        }
        let overhead = self.kept_overhead(program);
        let asked = Asked {
            world,
            overhead: overhead.unwrap_or_default(),
            sample: learnt.tasks,
            known: learnt.known,
            inputs: request.inputs.len().min(request.tasks).max(1),
            tasks: request.tasks,
            prices: self.prices().clone(),
        };
        let learnt_from = asked.sample.len();
        let (budget, deadline) = (request.budget, request.deadline);
        let thinking = move || -> Result<_, QuoteError> {
            let estimate = asked.estimate(1, asked.tasks)?;
            Ok((estimate, Verdict::of(&asked, &estimate, budget, deadline)?))
        };
        let thought = tokio::task::spawn_blocking(thinking).await;
        let thought = thought.map_err(|error| EngineError::CannotQuote(error.to_string()))?;
        let (estimate, verdict) =
            thought.map_err(|error| EngineError::CannotQuote(error.to_string()))?;
        let (prices, mut labels) = self.fleet_prices();
        labels.push("an estimate: simulated from tasks that ran".to_owned());
        labels.push(match overhead {
            Some(time) => format!(
                "{:.1} s of it for starting workers, as long as that took with the sample",
                time.as_secs_f64()
            ),
            None => "without the time in which workers are started".to_owned(),
        });
        Ok(Quote {
            estimate,
            tasks: request.tasks,
            learnt_from,
            sampled,
            sample_cost,
            hardware: self.hardware(),
            prices,
            verdict,
            labels,
        })
    }
}

/// A task is known by its inputs: the same ones lead to the same calls.
fn known_inputs(ran: &[Ran]) -> usize {
    let inputs: HashSet<_> = ran
        .iter()
        .map(|ran| sample::key(&ran.record.spec.inputs))
        .collect();
    inputs.len()
}

/// Everything that a quote is computed from, away from the engine.
pub(crate) struct Asked {
    world: Scenario,
    /// Starting workers, and whatever else a simulation leaves out.
    overhead: Duration,
    sample: Vec<StagedTask>,
    known: usize,
    inputs: usize,
    tasks: usize,
    prices: dice_cost::PriceBook,
}

impl Asked {
    /// On so many times as many nodes, for so many tasks.
    pub(crate) fn estimate(&self, times: u32, tasks: usize) -> Result<Estimate, QuoteError> {
        let mut world = self.world.clone();
        for node in &mut world.nodes {
            node.count *= times;
        }
        world.concurrency = world.concurrency.saturating_mul(times);
        let rent: Cost = world.nodes.iter().map(|node| self.rent(node)).sum();
        let estimate = Estimate::new(&Ask {
            world: &world,
            sample: &self.sample,
            known: self.known,
            inputs: self.inputs.min(tasks),
            tasks,
            prices: &self.prices,
            seed: 0,
        })?;
        Ok(Estimate {
            cost: estimate.cost.map(|cost| cost + rent),
            time: estimate.time.map(|time| time + self.overhead),
        })
    }

    /// Of such nodes while nothing of the tasks is done yet.
    fn rent(&self, node: &Node) -> Cost {
        let price = self.prices.price(&node.r#type);
        let one = price.map_or(Cost::ZERO, |price| price.price.for_duration(self.overhead));
        Cost(one.0 * i128::from(node.count))
    }
}
