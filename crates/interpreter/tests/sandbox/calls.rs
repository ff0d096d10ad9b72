//! Programs that call functions: the shapes of the paper's figures, with scripted outcomes.

use dice_interpreter::Event;
use dice_model::{CallFailure, FailureKind, InputKind, TaskEnd, Value};
use dice_wire::{ClientFrame, ToClient};

use crate::harness::{Case, Outcome, interpreter};

const SERIAL: &str = r#"
import asyncio
import hermod
from PIL import Image

async def execute_query(image_filename):
    image = Image.open(image_filename)
    cars = await hermod.call("glip", image=image, object_name="car")
    if not cars:
        print("No cars.")
        return
    for i, car in enumerate(cars):
        patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))
        color = await hermod.call("blip", image=patch, question="What is the color of the car?")
        damaged = await hermod.call("xvlm", image=patch, object_name="car", property="damaged")
        print(f"Car {i+1}: {color.get('answer', 'Unknown')}, {damaged.get('result', False)}")

asyncio.run(execute_query("scene.png"))
"#;

const GATHERED: &str = r#"
import asyncio
import hermod
from PIL import Image

async def details(patch, index):
    try:
        calls = [
            hermod.call("blip", image=patch, question="What is the color of the car?"),
            hermod.call("xvlm", image=patch, object_name="car", property="damaged"),
        ]
        color, damaged = await asyncio.gather(*calls)
        return f"Car {index+1}: {color.get('answer', 'Unknown')}, {damaged.get('result', False)}"
    except Exception as e:
        return f"Car {index+1}: Error occurred - {e}"

async def execute_query(image_filename):
    image = Image.open(image_filename)
    cars = await hermod.call("glip", image=image, object_name="car")
    tasks = []
    for i, car in enumerate(cars):
        patch = image.crop((car["x"], car["y"], car["x"] + car["width"], car["y"] + car["height"]))
        tasks.append(details(patch, i))
    for line in await asyncio.gather(*tasks):
        print(line)

asyncio.run(execute_query("scene.png"))
"#;

/// A PNG of 8 by 4 pixels, all black.
const PNG: &[u8] = include_bytes!("black.png");

fn scene(source: &str) -> Case {
    Case::new(source).input("scene.png", InputKind::Image, PNG)
}

fn number(value: &Value, key: &str) -> i64 {
    match value.get(key) {
        Some(Value::Int(number)) => *number,
        other => panic!("{key} is {other:?}"),
    }
}

/// Two cars; the left one is red and whole, the right one blue and damaged.
fn street(function: &str, arguments: &Value) -> Option<Outcome> {
    let car = |x| {
        let sides = [("x", x), ("y", 0), ("width", 4), ("height", 4)];
        Value::map(sides.map(|(side, at)| (side, Value::Int(at))))
    };
    let right = || match arguments.get("image") {
        Some(Value::Image(handle)) => handle.operations[0][1] == Value::Int(4),
        other => panic!("not an image: {other:?}"),
    };
    Some(Ok(match function {
        "glip" => Value::List(vec![car(0), car(4)]),
        "blip" => Value::map([("answer", if right() { "blue" } else { "red" })].map(text)),
        "xvlm" => Value::map([("result", Value::Bool(right()))]),
        other => panic!("unexpected call of {other}"),
    }))
}

fn text((key, value): (&'static str, &str)) -> (&'static str, Value) {
    (key, value.into())
}

#[tokio::test]
async fn both_shapes_give_the_same_answer() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    for source in [SERIAL, GATHERED] {
        let ran = scene(source).run(&interpreter, street).await;
        assert_eq!(ran.end, Some(TaskEnd::Normal), "{}", ran.stderr);
        assert_eq!(ran.stdout, "Car 1: red, False\nCar 2: blue, True\n");
        assert_eq!(ran.calls.len(), 5);
        assert!(ran.blobs.is_empty(), "an input's crops travel as handles");
        let numbers: Vec<u32> = ran.calls.iter().map(|(number, ..)| *number).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
    }
}

#[tokio::test]
async fn a_failed_call_is_an_exception_of_the_program() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let fail = |function: &str, arguments: &Value| match function {
        "glip" => street(function, arguments),
        _ => Some(Err(CallFailure::new(
            FailureKind::Raised,
            "ValueError: dark",
        ))),
    };
    let ran = scene(SERIAL).run(&interpreter, fail).await;
    let Some(TaskEnd::Exception {
        kind,
        message,
        call_failed,
        ..
    }) = &ran.end
    else {
        panic!("{:?}", ran.end)
    };
    assert_eq!(kind, "hermod.errors.FunctionRaised");
    assert_eq!(message, "blip: function raised: ValueError: dark");
    assert_eq!(*call_failed, Some(FailureKind::Raised));

    let ran = scene(GATHERED).run(&interpreter, fail).await;
    assert_eq!(ran.end, Some(TaskEnd::Normal));
    let line = "Error occurred - blip: function raised: ValueError: dark";
    assert_eq!(ran.stdout, format!("Car 1: {line}\nCar 2: {line}\n"));
}

#[tokio::test]
async fn what_is_printed_is_out_before_the_next_call_ends() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import asyncio, hermod\nasync def main():\n    for i in range(2):\n        \
                  print(await hermod.call('f', i=i))\nasyncio.run(main())";
    let mut running = Case::new(source).start(&interpreter).await;
    let (mut printed, mut calls) = (Vec::new(), 0);
    loop {
        match running
            .events
            .recv()
            .await
            .expect("the program has not ended")
        {
            Event::Stdout(bytes) => printed.extend_from_slice(&bytes),
            Event::Client(ClientFrame::Call { id, arguments, .. }) => {
                calls += 1;
                // Item 0's line comes while item 1 still waits (A5).
                while id == 1 && printed != b"0\n" {
                    match running.events.recv().await {
                        Some(Event::Stdout(bytes)) => printed.extend_from_slice(&bytes),
                        other => panic!("{other:?}"),
                    }
                }
                let outcome = Ok(Value::Int(number(&arguments, "i")));
                let answer = ToClient::Outcome {
                    id,
                    outcome,
                    joinable: false,
                };
                running
                    .control
                    .send(answer)
                    .await
                    .expect("the program waits");
            }
            Event::Ended(_) => break,
            _ => {}
        }
    }
    assert_eq!((&*printed, calls), (&b"0\n1\n"[..], 2));
}

#[tokio::test]
async fn calls_nobody_awaits_are_cancelled_or_left_to_the_host() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import hermod\nkept = hermod.call('kept')\nhermod.call('dropped')\nprint('end')";
    let ran = Case::new(source).run(&interpreter, |_, _| None).await;
    assert_eq!(ran.end, Some(TaskEnd::Normal));
    assert_eq!(ran.calls.len(), 2);
    assert_eq!(
        ran.cancelled,
        [1],
        "the one that is held is finished if it is a write (H2)"
    );
    assert!(ran.said_bye);
}

#[tokio::test]
async fn images_without_a_lineage_are_uploaded_before_the_call() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import asyncio, hermod\nfrom PIL import Image\nasync def main():\n    \
                  image = Image.new('RGB', (2, 1), (255, 0, 0))\n    \
                  back = await hermod.call('echo', image=image)\n    \
                  print(back.size, back.getpixel((1, 0)), back.crop((0, 0, 1, 1)).size)\n    \
                  await hermod.call('echo', image=image)\nasyncio.run(main())";
    let echo =
        |_: &str, arguments: &Value| Some(Ok(arguments.get("image").cloned().expect("given")));
    let ran = Case::new(source).run(&interpreter, echo).await;
    assert_eq!(ran.end, Some(TaskEnd::Normal), "{}", ran.stderr);
    assert_eq!(ran.stdout, "(2, 1) (255, 0, 0) (1, 1)\n");
    assert_eq!(ran.blobs.len(), 1, "stored once");
    let (digest, bytes) = &ran.blobs[0];
    assert_eq!(*digest, dice_model::Digest::of(bytes));
}

#[tokio::test]
async fn readings_of_the_clock_are_reported_and_repeated() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import time, datetime\nprint(time.time(), datetime.datetime.now(), \
                  datetime.date.today(), time.strftime('%Y'), time.monotonic())";
    let first = Case::new(source).run(&interpreter, |_, _| None).await;
    assert_eq!(first.end, Some(TaskEnd::Normal), "{}", first.stderr);
    assert_eq!(first.observed.len(), 5);
    let mut again = Case::new(source);
    again.spec.observed = first.observed.clone();
    let again = again.run(&interpreter, |_, _| None).await;
    assert_eq!(again.stdout, first.stdout);
    assert_eq!(again.observed, []);
}

#[tokio::test]
async fn many_calls_wait_their_turn_in_the_program() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import asyncio, hermod\nasync def main():\n    \
                  print(sum(await asyncio.gather(*(hermod.call('f', i=i) for i in range(1000)))))\n\
                  asyncio.run(main())";
    let mut running = Case::new(source).start(&interpreter).await;
    let (mut open, mut most) = (std::collections::VecDeque::new(), 0);
    let mut printed = Vec::new();
    loop {
        let event =
            tokio::time::timeout(std::time::Duration::from_millis(100), running.events.recv());
        match event.await {
            Ok(Some(Event::Client(ClientFrame::Call { id, arguments, .. }))) => {
                open.push_back((id, number(&arguments, "i")));
                most = most.max(open.len());
            }
            Ok(Some(Event::Stdout(bytes))) => printed.extend_from_slice(&bytes),
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => {
                for (id, i) in open.drain(..) {
                    let answer = ToClient::Outcome {
                        id,
                        outcome: Ok(Value::Int(i)),
                        joinable: false,
                    };
                    running
                        .control
                        .send(answer)
                        .await
                        .expect("the program waits");
                }
            }
        }
    }
    assert_eq!(most, 256, "H4");
    assert_eq!(printed, b"499500\n");
}
