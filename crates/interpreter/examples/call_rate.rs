//! Measures calls per second of one program whose calls are answered at once, 64 at a time.
//!
//! `DICE_TEST_PYTHON=… cargo run --release --example call_rate [CALLS]`

use std::path::{Path, PathBuf};
use std::time::Instant;

use dice_interpreter::{Event, Interpreter, Limits, Options};
use dice_model::Value;
use dice_wire::{ClientFrame, ProgramSpec, ToClient};

const PROGRAM: &str = "
import asyncio, hermod

async def caller(count):
    for _ in range(count):
        await hermod.call('f', object_name='car')

async def main():
    await asyncio.gather(*(caller(COUNT) for _ in range(64)))

asyncio.run(main())
";

#[tokio::main]
#[allow(clippy::print_stdout)]
async fn main() {
    let calls = std::env::args()
        .nth(1)
        .map_or(50_000, |count| count.parse().expect("a number"));
    let python = std::env::var_os("DICE_TEST_PYTHON").expect("DICE_TEST_PYTHON is set");
    let sdk_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/src");
    let options = Options {
        python: PathBuf::from(python),
        sdk_path,
    };
    let interpreter = Interpreter::start(options).await.expect("starts");
    let spec = ProgramSpec {
        source: PROGRAM.replace("COUNT", &format!("{}", calls / 64)),
        filename: "program.py".to_owned(),
        inputs: vec![],
        seed: 0,
        observed: vec![],
    };
    let mut running = interpreter
        .run(spec, vec![], Limits::default())
        .await
        .expect("starts");
    let (started, mut answered) = (Instant::now(), 0);
    while let Some(event) = running.events.recv().await {
        if let Event::Client(ClientFrame::Call { id, .. }) = event {
            let outcome = Ok(Value::Int(1));
            let answer = ToClient::Outcome {
                id,
                outcome,
                joinable: false,
            };
            running.control.send(answer).await.expect("it waits");
            answered += 1;
        }
    }
    let rate = f64::from(answered) / started.elapsed().as_secs_f64();
    println!("{answered} calls, {rate:.0} a second");
}
