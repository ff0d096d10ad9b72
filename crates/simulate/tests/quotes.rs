//! Quotes against runs that they know nothing of: how often the range holds what the run then cost.
//!
//! Simulated: tasks, inputs and latencies are drawn, and the run that is quoted for is drawn anew. The
//! profiles that the quote starts from are wrong by up to a fifth, as its sample shows.

use std::sync::atomic::{AtomicU64, Ordering};

use dice_cost::PriceBook;
use dice_model::FunctionId;
use dice_simulate::{Ask, Estimate, Form, Scenario, StagedCall, StagedTask, simulate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const PRICES: &str = "name = 'b'\ndate = '2026-01-01'\n\
    [[node]]\ntype = 'big'\nusd_per_hour = '2'\nsource = 's'\nbilling_seconds = 1\n";

/// Functions with how far their profiles are off and how much their calls differ, and how many objects
/// each input shows.
struct Truth {
    world: Scenario,
    functions: Vec<(f64, f64)>,
    objects: Vec<usize>,
    tasks: usize,
}

impl Truth {
    fn draw(chance: &mut ChaCha8Rng) -> Self {
        let count = chance.random_range(2..=4);
        let functions: Vec<(f64, f64)> = (0..count)
            .map(|_| (chance.random_range(0.8..1.2), chance.random_range(0.1..0.4)))
            .collect();
        let mean = chance.random_range(1.0..5.0);
        let inputs = chance.random_range(40..150);
        let objects = (0..inputs).map(|_| {
            let share: f64 = chance.random_range(f64::MIN_POSITIVE..1.0);
            // Between evenly spread and exponential: many with few, few with many.
            (0.5 * mean + 0.5 * -share.ln() * mean).round() as usize
        });
        let objects: Vec<usize> = objects.collect();
        Self {
            world: world(count, chance),
            functions,
            tasks: objects.len() * chance.random_range(1..=2),
            objects,
        }
    }

    /// What the program does with an input, on one occasion.
    fn task(&self, input: usize, chance: &mut ChaCha8Rng) -> StagedTask {
        let mut call = |function: usize| {
            let (off, spread) = self.functions[function];
            StagedCall {
                function: FunctionId::new(format!("f{function}")),
                factor: off * chance.random_range(1.0 - spread..1.0 + spread),
            }
        };
        let mut stages = vec![vec![call(0)]];
        let objects = 0..self.objects[input];
        let calls = objects.flat_map(|_| 1..self.functions.len());
        let second: Vec<StagedCall> = calls.map(&mut call).collect();
        stages.extend((!second.is_empty()).then_some(second));
        StagedTask {
            program: std::time::Duration::from_millis(100),
            stages,
        }
    }
}

fn world(functions: usize, chance: &mut ChaCha8Rng) -> Scenario {
    let nodes = chance.random_range(1..=3);
    let mut text = format!(
        "name = 'held out'\nconcurrency = 16\n[[node]]\ntype = 'big'\ncount = {nodes}\n\
         devices = [{{ type = 'A', memory_gib = 80.0 }}]\n[work]\ntasks = 1\n[[work.step]]\n\
         calls = ['f0']\n"
    );
    for function in 0..functions {
        let (time, gain) = (
            chance.random_range(0.05..1.0),
            chance.random_range(1.0..3.0),
        );
        text.push_str(&format!(
            "[[function]]\nname = 'f{function}'\nmemory_gib = 8.0\nmax_batch_size = 8\n\
             latency.A = {{ load_seconds = 4.0, batches = [[1, {time}], [8, {}]] }}\n",
            8.0 * time / gain
        ));
    }
    Scenario::parse(&text).expect("a scenario")
}

struct Found {
    cost_held: usize,
    time_held: usize,
    /// Half of the range over its middle, of the cost.
    median_width: f64,
}

/// Of one run that was quoted for.
struct Held {
    cost: bool,
    time: bool,
    width: f64,
}

fn held(run: u64, known: usize) -> Held {
    let prices = PriceBook::parse(PRICES).expect("a book");
    let mut chance = ChaCha8Rng::seed_from_u64(run);
    let truth = Truth::draw(&mut chance);
    let sample: Vec<StagedTask> = (0..known)
        .map(|input| truth.task(input, &mut chance))
        .collect();
    let ask = Ask {
        world: &truth.world,
        sample: &sample,
        known,
        inputs: truth.objects.len(),
        tasks: truth.tasks,
        prices: &prices,
        seed: run,
    };
    let quote = Estimate::new(&ask).expect("a quote");
    let inputs = (0..truth.objects.len()).cycle().take(truth.tasks);
    let mut actual = truth.world.clone();
    actual.work.recorded = inputs
        .map(|input| truth.task(input, &mut chance).recorded(Form::Distributed))
        .collect();
    actual.work.tasks = truth.tasks as u64;
    let outcome = simulate(&actual).expect("it ends");
    let cost = outcome.rent(&prices).expect("a price");
    let (low, high) = (quote.cost.low.as_usd(), quote.cost.high.as_usd());
    Held {
        cost: quote.cost.holds(&cost),
        time: quote.time.holds(&outcome.makespan),
        width: (high - low) / (high + low),
    }
}

/// Runs do not know of each other: each processor takes the next one.
fn held_out(runs: u64, known: usize) -> Found {
    let next = AtomicU64::new(0);
    let some = || {
        let numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        let numbers = numbers.take_while(|run| *run < runs);
        numbers.map(|run| held(run, known)).collect::<Vec<_>>()
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let all: Vec<Held> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(some)).collect();
        let found = threads.into_iter().map(|thread| thread.join());
        found.flat_map(|found| found.expect("no panic")).collect()
    });
    let mut widths: Vec<f64> = all.iter().map(|one| one.width).collect();
    widths.sort_by(f64::total_cmp);
    Found {
        cost_held: all.iter().filter(|one| one.cost).count(),
        time_held: all.iter().filter(|one| one.time).count(),
        median_width: widths[widths.len() / 2],
    }
}

#[test]
fn most_ranges_hold_what_the_run_cost() {
    let found = held_out(8, 12);
    assert!(found.cost_held >= 4, "{} of 8", found.cost_held);
    assert!(found.median_width <= 0.25, "{}", found.median_width);
}

/// The figures of `docs/cost.md`: `cargo test --release -p dice-simulate --test quotes -- --nocapture`.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "a hundred runs, each simulated fifty times: only with optimisation"
)]
fn over_a_hundred_held_out_runs() {
    for known in [5, 12, 25] {
        let found = held_out(100, known);
        eprintln!(
            "sample of {known}: cost held {} of 100, time held {} of 100, median width ±{:.1} %",
            found.cost_held,
            found.time_held,
            found.median_width * 100.0
        );
        if known >= 12 {
            assert!((70..=90).contains(&found.cost_held), "{}", found.cost_held);
            assert!(found.median_width <= 0.25, "{}", found.median_width);
        }
    }
}
