//! `dice batch`: one program, many inputs.

use serde_json::Value;

use crate::support::{Dice, case_text};

/// A folder of copies of the photograph that differ in their last bytes.
fn photographs(dice: &Dice, count: usize) {
    std::fs::create_dir(dice.path("photos")).expect("made");
    let photo = std::fs::read(dice.path("photo.png")).expect("there");
    for number in 0..count {
        let mut copy = photo.clone();
        copy.extend(number.to_string().bytes());
        let name = format!("photos/{number:02}.png");
        std::fs::write(dice.path(&name), copy).expect("written");
    }
}

fn micro_usd(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("{value} is no amount"))
}

#[test]
fn thirty_tasks_and_a_bill_that_adds_up() {
    let Some(dice) = Dice::new() else { return };
    photographs(&dice, 10);
    dice.write("program.py", &case_text("cars_serial.py"));
    let arguments = [
        "batch",
        "program.py",
        "--inputs",
        "photos",
        "--tasks",
        "30",
        "--json",
    ];
    let ended = dice.run(&arguments).expect(0);
    assert_eq!(ended.stderr, "", "no progress bar where nobody looks");
    let batch = ended.json();
    let count = |name: &str| batch[name].as_u64();
    assert_eq!(
        (count("total"), count("done"), count("failed")),
        (Some(30), Some(30), Some(0))
    );
    assert_eq!(batch["finished"], true);

    let items = batch["items"].as_array().expect("items");
    assert_eq!(items.len(), 30);
    assert_eq!(items[13]["file"], "photos/03.png");
    // Files are taken in turn: the same picture, the same answer.
    for (item, again) in items.iter().zip(&items[10..]) {
        assert_eq!(item["stdout"], again["stdout"]);
        assert!(
            item["stdout"]
                .as_str()
                .expect("text")
                .starts_with("Vehicle 1"),
            "{item}"
        );
    }
    let total = micro_usd(&batch["bill"]["total_micro_usd"]);
    assert!(total > 0);
    let lines = batch["bill"]["lines"].as_array().expect("lines").iter();
    assert_eq!(
        lines.map(|line| micro_usd(&line["micro_usd"])).sum::<i64>(),
        total
    );
    assert_eq!(
        items
            .iter()
            .map(|item| micro_usd(&item["micro_usd"]))
            .sum::<i64>(),
        total
    );
    let labels = batch["labels"].to_string();
    assert!(labels.contains("simulated"), "{labels}");
}

#[test]
fn what_failed_is_listed_and_the_rest_is_done() {
    let Some(dice) = Dice::new() else { return };
    photographs(&dice, 3);
    std::fs::write(dice.path("photos/01.png"), b"no picture").expect("written");
    dice.write(
        "program.py",
        "from PIL import Image\nprint(Image.open('photo.png').size)\n",
    );
    let ended = dice
        .run(&["batch", "program.py", "--inputs", "photos"])
        .expect(1);
    let summary = &ended.stdout;
    assert!(summary.contains("2 of 3 tasks done, 1 failed"), "{summary}");
    assert!(summary.contains("UnidentifiedImageError"), "{summary}");
    assert!(summary.contains("01.png"), "which file it was: {summary}");
    assert!(
        summary.starts_with("── photos/00.png\n("),
        "answers first, by file: {summary}"
    );
}

#[test]
fn two_when_there_is_nothing_to_do() {
    let dice = Dice::bare();
    std::fs::create_dir(dice.path("empty")).expect("made");
    photographs(&dice, 1);
    dice.write("none.py", "print('nothing')\n")
        .write("two.py", "open('a.txt')\nopen('b.txt')\n")
        .write(
            "program.py",
            "from PIL import Image\nImage.open('photo.png')\n",
        );
    let check = |arguments: &[&str], problem: &str| {
        let ended = dice.run(&[&["batch"], arguments].concat());
        ended.expect(2).prints("").says(problem).says("hint: ");
    };
    check(
        &["program.py", "--inputs", "empty"],
        "--inputs empty: no files in it",
    );
    check(
        &["program.py", "--inputs", "nowhere"],
        "--inputs nowhere: No such file",
    );
    check(
        &["none.py", "--inputs", "photos"],
        "the program names no file",
    );
    check(
        &["two.py", "--inputs", "photos"],
        "the program names several files: a.txt, b.txt",
    );
    check(
        &["missing.py", "--inputs", "photos"],
        "missing.py: No such file",
    );
    check(
        &["program.py", "--inputs", "photos", "--tasks", "0"],
        "--tasks 0",
    );
}
