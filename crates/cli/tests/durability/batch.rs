//! The simulated pack in a batch that is killed half-way and goes on by the same command.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use dice_model::{CallRef, DeviceId, Digest, LeaseUse, NodeId, Timestamp, Usage};
use dice_runtime::CallRecord;
use serde_json::Value as Json;

use crate::support::{
    Call, Journal, World, is_durable, json, pack, succeeded, told, wait_until, world,
};

const TASKS: usize = 100;
/// Of about 440.
const EXECUTIONS_AT_KILL: usize = 200;

/// RUNTIME J1, M2: killed half-way, it ends with all answers, executes nothing again whose result
/// was durable, and its ledger adds up.
#[test]
fn a_batch_killed_half_way_goes_on_and_pays_nothing_twice() {
    let Some(world) = world() else { return };
    let tasks = pictures(&world.path("inputs"));
    let functions = traced_pack(&world);
    let traces = world.traces();

    let mut killed = batch(&world, &functions).spawn().unwrap();
    wait_until("half of the calls were executed", || {
        traces.len() >= EXECUTIONS_AT_KILL
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    let at_kill = Journal::of(&world.data());
    assert!(at_kill.ended() < TASKS, "the kill came too late");

    let output = succeeded(&mut batch(&world, &functions));
    assert!(
        told(&output).contains("going on with batch 1"),
        "{}",
        told(&output)
    );
    let executions = traces.executions();
    answers_are_complete(&json(&output), &executions);
    bill_adds_up(&json(&output)["bill"], &json(&output)["items"]);

    let mut durable = 0;
    for task in &at_kill.tasks {
        let number = tasks[&task.record.spec.inputs[0].blob];
        for call in task.calls.iter().filter(|call| is_durable(call)) {
            let executed = executions.get(&label(number, call));
            assert_eq!(executed, Some(&1), "{call:?} of task {number} was durable");
            durable += 1;
        }
    }
    assert!(
        durable >= TASKS,
        "only {durable} calls were durable at the kill"
    );
    for (call, &times) in &executions {
        assert!(times <= 2, "{call:?}: {times} executions, and one kill");
    }
    let at_end = Journal::of(&world.data());
    leases_lie_in_rented_time(&at_end.usage);
    no_call_is_billed_twice(&at_end);
}

fn batch(world: &World, functions: &Path) -> Command {
    let mut command = world.dice(functions);
    command
        .arg("batch")
        .arg(world.program("cars.py", include_str!("programs/cars.py")));
    command.arg("--inputs").arg(world.path("inputs"));
    command.args(["--as", "scene.ppm", "--concurrency", "16", "--json"]);
    command
}

/// A picture per task, with its number in the first pixel; which number each blob has.
fn pictures(folder: &Path) -> HashMap<Digest, usize> {
    let (width, height) = (32, 24);
    let picture = |number: usize| {
        let mut bytes = format!("P6 {width} {height} 255\n").into_bytes();
        bytes.extend([(number / 256) as u8, (number % 256) as u8, 0]);
        // So that no two cars look alike.
        let noise = (1..3 * width * height - 2).map(|n| (n * n * 31 + n * (number + 7)) as u8);
        bytes.extend(noise);
        std::fs::write(folder.join(format!("{number:03}.ppm")), &bytes).unwrap();
        (Digest::of(&bytes), number)
    };
    (0..TASKS).map(picture).collect()
}

/// The simulated pack; each call that makes its result up writes that down.
fn traced_pack(world: &World) -> PathBuf {
    let folder = world.path("functions");
    std::fs::create_dir(&folder).unwrap();
    for file in std::fs::read_dir(pack("simulated")).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
        }
    }
    let mut choice = std::fs::read_to_string(folder.join("_choice.py")).unwrap();
    write!(
        choice,
        r#"

def _traced(function: str, image: Image.Image, *words: str, _source=source) -> random.Random:
    with open({traces:?} + "/" + function, "a") as file:
        file.write(words[-1].split()[-1] + " - -\n")
    return _source(function, image, *words)


source = _traced
"#,
        traces = world.path("traces")
    )
    .unwrap();
    std::fs::write(folder.join("_choice.py"), choice).unwrap();
    folder
}

/// As the program labels it: the number of its task, and its own.
fn label(task: usize, call: &CallRecord) -> Call {
    (call.function.to_string(), format!("{task}.{}", call.call))
}

/// Each task has said how many cars there are, and something about each.
fn answers_are_complete(batch: &Json, executions: &BTreeMap<Call, usize>) {
    assert_eq!(
        (&batch["total"], &batch["done"]),
        (&TASKS.into(), &TASKS.into())
    );
    let items = batch["items"].as_array().unwrap();
    assert_eq!(items.len(), TASKS);
    for (number, item) in items.iter().enumerate() {
        let asked = executions.keys().filter(|(function, label)| {
            function == "blip" && label.split('.').next() == Some(&number.to_string())
        });
        let cars = asked.count();
        let stdout = item["stdout"].as_str().unwrap();
        let first = format!("task {number}: {cars} cars\n");
        assert!(
            stdout.starts_with(&first),
            "{stdout:?} should begin {first:?}"
        );
        assert_eq!(stdout.lines().count(), 1 + cars, "{stdout:?}");
    }
}

fn bill_adds_up(bill: &Json, items: &Json) {
    let sum = |lines: &Json| -> i64 {
        let lines = lines.as_array().unwrap().iter();
        lines.map(|line| line["micro_usd"].as_i64().unwrap()).sum()
    };
    let total = bill["total_micro_usd"].as_i64().unwrap();
    assert_eq!(sum(&bill["lines"]), total, "{bill:#}");
    assert_eq!(sum(items), total, "{bill:#}");
}

/// What a lease took was paid for, once: on a node that was held, on a device that nobody else had.
fn leases_lie_in_rented_time(usage: &[Usage]) {
    let mut held: HashMap<&NodeId, Vec<(Timestamp, Timestamp)>> = HashMap::new();
    let mut leased: BTreeMap<&DeviceId, Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for one in usage {
        if let Usage::NodeHeld { node, from, to, .. } = one {
            held.entry(node).or_default().push((*from, *to));
        }
    }
    for one in usage {
        if let Usage::Leased {
            node,
            device,
            from,
            to,
            purpose,
            ..
        } = one
        {
            let mut spans = held[node].iter();
            let inside = spans.any(|(begun, ended)| begun <= from && to <= ended);
            assert!(inside, "{one:?} outside of {:?}", held[node]);
            // Other functions' models may be loaded while calls execute.
            if *purpose != LeaseUse::Load {
                leased.entry(device).or_default().push((*from, *to));
            }
        }
    }
    for (device, mut spans) in leased {
        spans.sort_unstable();
        let overlaps = spans.windows(2).find(|pair| pair[0].1 > pair[1].0);
        assert_eq!(overlaps, None, "two leases of {device} at a time");
    }
}

fn no_call_is_billed_twice(journal: &Journal) {
    let mut billed: HashMap<CallRef, usize> = HashMap::new();
    for usage in &journal.usage {
        if let Usage::Leased {
            purpose: LeaseUse::Execute { calls },
            ..
        } = usage
        {
            calls
                .iter()
                .for_each(|&call| *billed.entry(call).or_default() += 1);
        }
    }
    for task in &journal.tasks {
        for call in task.calls.iter().filter(|call| call.execution.is_some()) {
            let call = CallRef {
                task: task.record.id,
                call: call.call,
            };
            assert_eq!(billed.get(&call), Some(&1), "{call:?}");
        }
    }
}
