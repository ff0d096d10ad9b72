//! Scenarios at random, as the text of a file.

use std::fmt::Write as _;

use proptest::prelude::*;

pub(crate) const BOOK: &str = "name = 'b'\ndate = '2026-01-01'\n\
    [[node]]\ntype = 'n0'\nusd_per_hour = '2'\nsource = 's'\nbilling_seconds = 1\n\
    [[node]]\ntype = 'n1'\nusd_per_hour = '0.5'\nsource = 's'\nbilling_seconds = 60\n";

#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    policy: &'static str,
    seed: u64,
    concurrency: u32,
    /// Per type of node: how many, and GiB of its one device.
    nodes: Vec<(u32, u32)>,
    functions: Vec<Function>,
    pub(crate) tasks: u64,
    form: &'static str,
    poisson: Option<f64>,
}

#[derive(Debug, Clone)]
struct Function {
    batch: u32,
    spread: f64,
    /// Per type of node: seconds for one, and how much of `batch` times that a full batch takes.
    times: Vec<(f64, f64)>,
    load: f64,
}

fn function() -> impl Strategy<Value = Function> {
    let times = proptest::collection::vec((0.01..2.0_f64, 0.2..1.2_f64), 2);
    let spread = prop_oneof![Just(0.0), 0.0..0.9];
    (1..9_u32, spread, times, 0.0..5.0_f64).prop_map(|(batch, spread, times, load)| Function {
        batch,
        spread,
        times,
        load,
    })
}

pub(crate) fn drawn() -> impl Strategy<Value = Drawn> {
    let nodes = proptest::collection::vec((1..5_u32, 8..32_u32), 1..3);
    let hardware = (nodes, proptest::collection::vec(function(), 1..4));
    let policy = prop_oneof![Just("dice"), Just("fifo")];
    let form = prop_oneof![Just("serial"), Just("distributed")];
    let poisson = proptest::option::of(0.5..50.0_f64);
    let work = (1..60_u64, form, poisson);
    (policy, any::<u16>(), 1..40_u32, hardware, work).prop_map(
        |(policy, seed, concurrency, (nodes, functions), (tasks, form, poisson))| Drawn {
            policy,
            seed: seed.into(),
            concurrency,
            nodes,
            functions,
            tasks,
            form,
            poisson,
        },
    )
}

impl Drawn {
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "name = 'drawn'\npolicy = '{}'\nseed = {}\nconcurrency = {}\n",
            self.policy, self.seed, self.concurrency
        );
        for (kind, (count, gib)) in self.nodes.iter().enumerate() {
            let _ = writeln!(text, "[[node]]\ntype = 'n{kind}'\ncount = {count}");
            let _ = writeln!(
                text,
                "devices = [{{ type = 'd{kind}', memory_gib = {gib}.0 }}]"
            );
        }
        for (name, function) in self.functions.iter().enumerate() {
            function.write(name, &mut text);
        }
        self.write_work(&mut text);
        text
    }

    fn write_work(&self, text: &mut String) {
        let Self { tasks, form, .. } = self;
        let _ = writeln!(text, "[work]\ntasks = {tasks}\nform = '{form}'");
        let _ = writeln!(text, "counts.thing = {{ 0 = 1, 2 = 2, 5 = 1 }}");
        if let Some(rate) = self.poisson {
            let _ = writeln!(text, "arrivals = {{ poisson = {rate} }}");
        }
        for name in 0..self.functions.len() {
            let each = if name % 2 == 1 {
                "each = 'thing'\n"
            } else {
                ""
            };
            let _ = writeln!(text, "[[work.step]]\n{each}calls = ['f{name}', 'f0']");
        }
    }
}

impl Function {
    fn write(&self, name: usize, text: &mut String) {
        let Self {
            batch,
            spread,
            load,
            ..
        } = self;
        let _ = writeln!(text, "[[function]]\nname = 'f{name}'\nmemory_gib = 4.0");
        let _ = writeln!(text, "max_batch_size = {batch}\nspread = {spread}");
        for (kind, (one, part)) in self.times.iter().enumerate() {
            let full = one * f64::from(*batch) * part;
            let more = if *batch > 1 {
                format!(", [{batch}, {full}]")
            } else {
                String::new()
            };
            let _ = writeln!(text, "[function.latency.d{kind}]\nload_seconds = {load}");
            let _ = writeln!(text, "batches = [[1, {one}]{more}]");
        }
    }
}
