//! `dice profile`: what a worker takes, measured through the worker.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::{Dice, Processes};

/// A batch of n takes 20 + 10 n ms.
const NAP: &str = r#"
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
import time
import hermod
from PIL import Image

@hermod.function(effect="pure", gpu_memory="32Mi", max_batch_size=6, batched=True, example={"word": "car"})
def nap(image: list[Image.Image], word: list[str]) -> list[str]:
    """Takes its time."""
    time.sleep(0.02 + 0.01 * len(word))
    return [f"{one.size} {said}" for one, said in zip(image, word, strict=True)]

@hermod.function(effect="write", gpu_memory="32Mi")
def change(text: str) -> str:
    """Changes the world."""
    return text

@hermod.function(effect="pure", gpu_memory="32Mi", max_batch_size=8, batched=True, example={"word": "car"})
def small(word: list[str]) -> list[str | hermod.Failure]:
    """Has room for two."""
    return [hermod.Failure("no room") for _ in word] if len(word) > 2 else word
"#;
const CPU: &str = r#"
name = "one"
[[nodes]]
type = "local-cpu"
devices = [{ type = "cpu", memory = "2Gi" }]
[baseline]
type = "local-cpu"
devices = [{ type = "cpu", memory = "4Gi" }]
"#;
const OURS: [&str; 4] = ["--functions", "ours", "--fleet", "one.toml"];

fn dice() -> Option<Dice> {
    let dice = Dice::new()?;
    std::fs::create_dir(dice.path("ours")).expect("made");
    dice.write("ours/nap.py", NAP).write("one.toml", CPU);
    Some(dice)
}

#[test]
fn latency_by_size_of_batch_with_load_and_memory() {
    let Some(dice) = dice() else { return };
    let arguments = [
        &["profile", "nap", "--runs", "5", "--loads", "2", "--json"][..],
        &OURS,
    ]
    .concat();
    let profile = dice.run(&arguments).expect(0).json();
    assert_eq!(profile["label"], "measured");
    assert_eq!(profile["inputs"], "image: drawn, 1280 x 720; word: \"car\"");
    assert!(
        profile["memory_bytes"]
            .as_u64()
            .is_some_and(|bytes| bytes > 10 << 20)
    );
    assert_eq!(profile["load"]["runs"], 2);
    let batches = profile["batches"].as_array().expect("a list");
    let sizes: Vec<u64> = batches
        .iter()
        .filter_map(|it| it["size"].as_u64())
        .collect();
    assert_eq!(sizes, [1, 2, 4, 6]);
    for (batch, size) in batches.iter().zip(sizes) {
        let seconds = batch["low_seconds"].as_f64().expect("a number");
        assert!(seconds >= 0.02 + 0.01 * size as f64, "{batch}");
        assert_eq!(batch["runs"], 5);
    }
    let text = std::fs::read_to_string(dice.path("data/profile.toml")).expect("written");
    assert!(text.contains("[functions.nap.cpu]"), "{text}");
    assert!(text.contains("label = \"measured\""), "{text}");
}

/// Also that figures of another version are not used in silence.
#[test]
fn an_engine_takes_figures_of_the_version_that_was_measured() {
    let Some(dice) = dice() else { return };
    let measure = [
        &["profile", "small", "--runs", "3", "--loads", "1"][..],
        &OURS,
    ]
    .concat();
    dice.run(&measure).expect(0);
    let list = [&["get", "functions"][..], &OURS].concat();
    let listed = dice.run(&list).expect(0);
    assert!(
        !listed.stderr.contains("another version"),
        "{}",
        listed.stderr
    );
    dice.write("ours/nap.py", &format!("{NAP}\n# Changed.\n"));
    dice.run(&list)
        .expect(0)
        .says("measured in another version: dice profile small measures it again");
}

#[test]
fn a_size_that_fails_is_left_out_with_those_above_it() {
    let Some(dice) = dice() else { return };
    let measure = [
        &["profile", "small", "--runs", "3", "--loads", "1"][..],
        &OURS,
    ]
    .concat();
    let told = dice.run(&measure).expect(0).stdout;
    assert!(told.contains("batches of 4 failed"), "{told}");
    let text = std::fs::read_to_string(dice.path("data/profile.toml")).expect("written");
    assert!(
        text.contains("{ size = 2,") && !text.contains("{ size = 4,"),
        "{text}"
    );
}

#[test]
fn figures_can_be_kept_beside_the_functions() {
    let Some(dice) = dice() else { return };
    let measure = [
        "profile", "nap", "--batch", "2", "--runs", "3", "--loads", "1",
    ];
    let measure = [&measure[..], &["--out", "ours/profile.toml"], &OURS].concat();
    dice.run(&[&measure[..], &["--input", "image=photo.png"]].concat())
        .expect(0);
    let text = std::fs::read_to_string(dice.path("ours/profile.toml")).expect("written");
    assert!(
        text.contains("a file of ") && text.contains("{ size = 2,"),
        "{text}"
    );
    assert!(!dice.path("data/profile.toml").exists());
}

#[test]
fn what_cannot_be_measured() {
    let Some(dice) = dice() else { return };
    let check = |arguments: &[&str], message: &str| {
        let all = [&["profile"], arguments, &OURS].concat();
        dice.run(&all).expect(2).says(message);
    };
    check(&["npa"], "no function called npa");
    check(&["npa"], "did you mean nap?");
    check(
        &["change", "--input", "text=x"],
        "it is not called for practice",
    );
    check(
        &["change"],
        "change needs text, and nobody says what is usual",
    );
    check(
        &["nap", "--device", "A4000"],
        "no device of type A4000; it has cpu",
    );
    check(
        &["nap", "--input", "words=car"],
        "no parameter \"words\"; it takes image, word",
    );
    check(
        &["nap", "--input", "image=none.png"],
        "image=none.png: No such file",
    );
    let simulated = [
        "profile",
        "glip",
        "--functions",
        "simulated",
        "--input",
        "object_name=car",
    ];
    let on_cpu = [&simulated[..], &["--fleet", "one.toml"]].concat();
    dice.run(&on_cpu).expect(2).says("are simulated");
    let fleet = ["--fleet", "fleet.toml", "--device", "A6000"];
    let on_fleet = [&simulated[..], &fleet].concat();
    dice.run(&on_fleet)
        .expect(2)
        .says("devices of the fleet fast are simulated");
}

#[test]
fn ctrl_c_leaves_no_worker_and_no_figures() {
    let Some(dice) = dice() else { return };
    let measure = ["profile", "nap", "--runs", "1000", "--seconds", "600"];
    let running = dice.start(&[&measure[..], &OURS].concat());
    let id = running.id();
    let has_worker = |all: &Processes| all.running("hermod worker").is_some();
    let started = Instant::now();
    let mut processes = Processes::descended_from(id);
    while !has_worker(&processes) && started.elapsed().as_secs() < 120 {
        std::thread::sleep(Duration::from_millis(20));
        processes = Processes::descended_from(id);
    }
    assert!(has_worker(&processes));
    running.signal(Signal::INT);
    running.ended().expect(130).says("nothing was written");
    assert!(!dice.path("data/profile.toml").exists());
    assert_eq!(
        processes.left_after(Duration::from_secs(5)),
        Vec::<u32>::new()
    );
}
