//! Questions with programs that do what they like: an answer, or an error that says what happened.

use std::time::Duration;

use dice_verify::{HarnessError, Limits};
use serde::Deserialize;
use serde_json::json;

use crate::support::harness;

fn small() -> Limits {
    Limits {
        cpu: Duration::from_secs(1),
        wall: Duration::from_secs(20),
        memory_bytes: 64 << 20,
    }
}

#[derive(Debug, Deserialize)]
struct Report {
    stdout: String,
    end: Vec<String>,
    makespan: f64,
}

async fn report(program: &str, limits: Limits) -> Option<Result<Report, HarnessError>> {
    let functions = json!([{
        "name": "ask", "effect": "pure", "state": "", "parameters": {},
        "result": {"properties": {"result": {"enum": ["yes"]}}},
    }]);
    let plan = json!({"latencies": {"ask({})@0": 1000}});
    let question = json!({"program": program, "functions": functions, "plan": plan});
    let harness = harness(limits).await?;
    Some(
        harness
            .ask("hermod.testing.questions:report", &question)
            .await,
    )
}

#[tokio::test]
async fn a_thousand_virtual_seconds_are_no_time() {
    let program = "
import asyncio
import hermod

async def main():
    print(await hermod.call('ask'))

asyncio.run(main())
";
    let Some(answer) = report(program, small()).await else {
        return;
    };
    let report = answer.expect("an answer");
    assert_eq!(report.stdout, "yes\n");
    assert_eq!(report.end, ["normal"]);
    assert_eq!(report.makespan, 1000.0);
}

#[tokio::test]
async fn what_a_program_writes_past_its_streams_is_no_part_of_the_answer() {
    let program = "import os\nos.write(1, b'{')\nprint('said')\n";
    let Some(answer) = report(program, small()).await else {
        return;
    };
    assert_eq!(answer.expect("an answer").stdout, "said\n");
}

async fn check_error(program: &str, limits: Limits, expected: &str) {
    if let Some(answer) = report(program, limits).await {
        let error = answer.expect_err("no answer").to_string();
        assert!(error.contains(expected), "{program}: {error}");
    }
}

#[tokio::test]
async fn programs_that_take_too_much() {
    let computing = "while True:\n    pass\n";
    check_error(computing, small(), "more than 1 s of processor time").await;
    let sleeping = Limits {
        wall: Duration::from_secs(1),
        ..small()
    };
    check_error(
        "import threading\nthreading.Event().wait(60)\n",
        sleeping,
        "longer than 1 s",
    )
    .await;
    let eating = "lines = []\nwhile True:\n    lines.append('x' * 1_000_000)\n";
    check_error(eating, small(), "more than 64 MiB of memory").await;
}

#[tokio::test]
async fn programs_that_take_the_driver_down() {
    let leaving = "import os\nos._exit(0)\n";
    check_error(
        leaving,
        small(),
        "a program ended the process it ran in, by sys.exit",
    )
    .await;
    let breaking =
        "import asyncio\nasyncio.BaseEventLoop.close = None\nimport json\njson.dumps = None\n";
    check_error(breaking, small(), "the test driver failed: TypeError").await;
}

#[tokio::test]
async fn no_program_reaches_a_file() {
    let program = "import os\nprint(os.listdir('/etc'))\n";
    let Some(answer) = report(program, small()).await else {
        return;
    };
    assert_eq!(
        answer.expect("an answer").end[..2],
        ["raised", "PermissionError"]
    );
}
