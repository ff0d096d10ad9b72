//! A task as calls and what each of them waits for.

use std::time::Duration;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::scenario::{Form, Function, Recorded, Scenario, Step};

/// Makes the tasks of a scenario, each when it is asked for: a million of them need no memory.
#[derive(Debug)]
pub(crate) struct Tasks {
    /// In place of everything else, if there are any.
    recorded: Vec<Task>,
    /// Per input, how many of each count there are, in the order of `Work::counts`.
    inputs: Vec<Vec<u32>>,
    steps: Vec<Shape>,
    form: Form,
    program: Duration,
    seed: u64,
    /// By function; empty if none has any.
    spreads: Vec<f64>,
    /// By function, the least anywhere.
    latencies: Vec<Duration>,
}

/// A step with names looked up.
#[derive(Debug)]
struct Shape {
    each: Option<usize>,
    calls: Vec<u32>,
}

/// Calls of one task, with what they wait for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    /// Before its first call; after its last one, if it was recorded.
    pub(crate) program: Duration,
    /// The function of each call, as a place in `Scenario::functions`.
    pub(crate) calls: Vec<u32>,
    /// How many times as long as the profile says each call takes; none: all once.
    pub(crate) factors: Vec<f64>,
    pub(crate) order: Order,
}

/// Which calls of a task wait for which.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    /// So many calls each, in the order of the calls; stages follow each other.
    Stages(Vec<u32>),
    /// By call, as it once ran.
    Recorded(Vec<Waits>),
}

/// What a recorded call waits for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waits {
    pub(crate) after: Vec<u32>,
    /// Of the program itself, before the call.
    pub(crate) program: Duration,
}

impl Tasks {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let work = &scenario.work;
        let index = |name: &dice_model::FunctionId| {
            let mut functions = scenario.functions.iter();
            let index = functions.position(|function| function.name == *name);
            u32::try_from(index.expect("the scenario was checked")).expect("few functions")
        };
        let each = |step: &Step| {
            let name = step.each.as_ref()?;
            work.counts.keys().position(|count| count == name)
        };
        let steps = work.steps.iter();
        let spreads: Vec<f64> = scenario.functions.iter().map(|at| at.spread).collect();
        let recorded = work.recorded.iter();
        Self {
            recorded: recorded.map(|task| from_record(task, index)).collect(),
            latencies: scenario.functions.iter().map(Function::latency).collect(),
            spreads: if spreads.iter().any(|&spread| spread > 0.0) {
                spreads
            } else {
                Vec::new()
            },
            inputs: inputs(scenario),
            steps: steps
                .map(|step| Shape {
                    each: each(step),
                    calls: step.calls.iter().map(index).collect(),
                })
                .collect(),
            form: work.form,
            program: work.program_seconds,
            seed: scenario.seed,
        }
    }

    /// The same number gives the same task, whatever form and policy are.
    pub(crate) fn task(&self, number: u64) -> Task {
        if !self.recorded.is_empty() {
            return self.recorded[number as usize - 1].clone();
        }
        let mut rng = stream(self.seed, Purpose::Task(number));
        let counts = match self.inputs.len() {
            0 => &[][..],
            inputs => &self.inputs[rng.random_range(0..inputs)],
        };
        let mut calls = Vec::new();
        let mut stages = Vec::new();
        for step in &self.steps {
            let before = calls.len();
            for _ in 0..step.each.map_or(1, |each| counts[each]) {
                calls.extend_from_slice(&step.calls);
            }
            let added = u32::try_from(calls.len() - before).expect("few calls");
            match self.form {
                Form::Distributed if added > 0 => stages.push(added),
                Form::Distributed => {}
                Form::Serial => stages.extend(std::iter::repeat_n(1, added as usize)),
            }
        }
        let factors = self.factors(&calls, &mut rng);
        Task {
            factors,
            program: self.program,
            calls,
            order: Order::Stages(stages),
        }
    }

    /// What the task takes where it never waits: stage by stage, its slowest call.
    pub(crate) fn shortest_time(&self, task: &Task) -> Duration {
        let latency = |call: usize| {
            let call = u32::try_from(call).expect("few calls");
            self.latencies[task.calls[call as usize] as usize].mul_f64(task.factor(call))
        };
        match &task.order {
            Order::Stages(stages) => {
                let mut time = task.program;
                let mut first = 0;
                for stage in stages {
                    let calls = first..first + *stage as usize;
                    first = calls.end;
                    time += calls.map(latency).max().unwrap_or_default();
                }
                time
            }
            Order::Recorded(waits) => {
                let mut ends: Vec<Duration> = Vec::with_capacity(waits.len());
                for (call, Waits { after, program }) in waits.iter().enumerate() {
                    let begins = after.iter().map(|&before| ends[before as usize]).max();
                    ends.push(begins.unwrap_or_default() + *program + latency(call));
                }
                ends.into_iter().max().unwrap_or_default() + task.program
            }
        }
    }

    fn factors(&self, calls: &[u32], rng: &mut ChaCha8Rng) -> Vec<f64> {
        if self.spreads.is_empty() {
            return Vec::new();
        }
        let spreads = calls.iter().map(|&call| self.spreads[call as usize]);
        spreads
            .map(|spread| rng.random_range(1.0 - spread..=1.0 + spread))
            .collect()
    }
}

impl Task {
    pub(crate) fn factor(&self, call: u32) -> f64 {
        self.factors.get(call as usize).copied().unwrap_or(1.0)
    }
}

fn from_record(task: &Recorded, index: impl Fn(&dice_model::FunctionId) -> u32) -> Task {
    let calls = || task.calls.iter();
    let waits = calls().map(|call| Waits {
        after: call.after.clone(),
        program: call.program,
    });
    Task {
        program: task.rest,
        calls: calls().map(|call| index(&call.function)).collect(),
        factors: calls().map(|call| call.factor).collect(),
        order: Order::Recorded(waits.collect()),
    }
}

/// The inputs that tasks draw from: as many as the counts are about, each count shuffled for itself.
fn inputs(scenario: &Scenario) -> Vec<Vec<u32>> {
    let mut rng = stream(scenario.seed, Purpose::Inputs);
    let columns = scenario.work.counts.values().map(|histogram| {
        let repeated = |(count, inputs): (&crate::scenario::CountKey, &u32)| {
            std::iter::repeat_n(count.0, *inputs as usize)
        };
        let mut column: Vec<u32> = histogram.iter().flat_map(repeated).collect();
        column.shuffle(&mut rng);
        column
    });
    let columns: Vec<Vec<u32>> = columns.collect();
    let inputs = columns.first().map_or(0, Vec::len);
    (0..inputs)
        .map(|input| columns.iter().map(|column| column[input]).collect())
        .collect()
}

/// What chance is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Which input a task has.
    Task(u64),
    /// Which input has how many of what.
    Inputs,
    Arrivals,
}

/// A source of its own for each purpose, so that one draw more here changes nothing there.
pub(crate) fn stream(seed: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(match purpose {
        Purpose::Inputs => 0,
        Purpose::Arrivals => 1,
        Purpose::Task(number) => 2 + number,
    });
    rng
}
