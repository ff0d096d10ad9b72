//! Measures how long a program takes from `run` to its first call, and to its end.
//!
//! `DICE_TEST_PYTHON=… cargo run --release --example start_time [PROGRAMS]`

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dice_interpreter::{Event, Interpreter, Limits, Options};
use dice_wire::ProgramSpec;

#[tokio::main]
async fn main() {
    let programs = std::env::args()
        .nth(1)
        .map_or(200, |count| count.parse().expect("a number"));
    let python = std::env::var_os("DICE_TEST_PYTHON").expect("DICE_TEST_PYTHON is set");
    let sdk_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/src");
    let options = Options {
        python: PathBuf::from(python),
        sdk_path,
    };
    let started = Instant::now();
    let interpreter = Interpreter::start(options).await.expect("starts");
    report("fork server ready", vec![started.elapsed()]);
    let (mut first, mut end) = (vec![], vec![]);
    for _ in 0..programs {
        let started = Instant::now();
        let mut running = interpreter
            .run(spec(), vec![], Limits::default())
            .await
            .expect("starts");
        let mut first_frame = None;
        while let Some(event) = running.events.recv().await {
            if matches!(event, Event::Client(_)) {
                first_frame.get_or_insert_with(|| started.elapsed());
            }
        }
        first.extend(first_frame);
        end.push(started.elapsed());
    }
    report("run to first frame", first);
    report("run to end", end);
}

fn spec() -> ProgramSpec {
    ProgramSpec {
        source: "import hermod\ncall = hermod.call('f')".to_owned(),
        filename: "program.py".to_owned(),
        inputs: vec![],
        seed: 0,
        observed: vec![],
    }
}

#[allow(clippy::print_stdout)]
fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "{what}: p50 {:?}, p90 {:?}, {} times",
        at(50),
        at(90),
        times.len()
    );
}
