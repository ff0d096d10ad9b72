//! `dice verify`, and what a certificate is good for.

use crate::support::{Dice, Ended, case, case_text};

fn verify(dice: &Dice, more: &[&str]) -> Ended {
    let catalog = case("functions.yaml");
    let catalog = catalog.to_str().expect("text");
    let command = [
        "verify",
        "serial.py",
        "distributed.py",
        "--catalog",
        catalog,
    ];
    dice.run(&[&command[..], more].concat())
}

#[test]
fn the_paper_s_own_pair_is_equal_when_no_call_fails() {
    let Some(dice) = Dice::new() else {
        return;
    };
    dice.write("serial.py", &case_text("cars_serial.py"));
    dice.write("distributed.py", &case_text("cars_distributed.py"));
    let ended = verify(&dice, &[]).expect(1);
    assert!(
        ended.stdout.starts_with("equal when no call fails: "),
        "{}",
        ended.stdout
    );
    let failing = "line 11: glip(image='street.jpg', object_name='car') fails, after 1 s";
    assert!(ended.stdout.contains(failing), "{}", ended.stdout);
    verify(&dice, &["--assume-no-failures"]).expect(0);
}

#[test]
fn our_own_output_is_equal_and_the_certificate_is_one_object() {
    let Some(dice) = Dice::new() else {
        return;
    };
    let catalog = case("functions.yaml");
    let catalog = catalog.to_str().expect("text");
    dice.write("serial.py", &case_text("cars_serial.py"));
    let made = dice.run(&["parallelize", "serial.py", "--catalog", catalog]);
    dice.write("distributed.py", &made.expect(0).stdout);
    let ended = verify(&dice, &["--json"]).expect(0);
    let certificate: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(certificate["verdict"], "equal");
    let obligations = certificate["obligations"].as_array().expect("a list");
    assert!(obligations.iter().all(|one| one["status"] != "tested"));
    assert!(obligations.iter().any(|one| one["kind"] == "loop"));
}

#[test]
fn wrong_usage() {
    let dice = Dice::bare();
    dice.write("serial.py", "print(1)\n");
    verify(&dice, &[])
        .expect(2)
        .says("distributed.py: No such file");
    dice.write("distributed.py", "def (\n");
    verify(&dice, &[])
        .expect(2)
        .says("distributed.py is no Python program");
}

#[test]
fn a_program_that_runs_ahead_needs_a_certificate() {
    let Some(dice) = Dice::new() else {
        return;
    };
    let serial = "import asyncio\n\nimport hermod\n\n\nasync def main():\n    print(1)\n\n\nasyncio.run(main())\n";
    let distributed = serial.replace(
        "    print(1)\n",
        "    async with hermod.ahead():\n        print(1)\n",
    );
    dice.write("serial.py", serial);
    dice.write("distributed.py", &distributed);
    let run = |file| dice.run(&["run", "--require-verified", file]);
    run("serial.py").expect(0).prints("1\n");
    run("distributed.py")
        .expect(2)
        .says("dice verify SERIAL DISTRIBUTED");
    std::fs::create_dir(dice.path("photos")).expect("made");
    std::fs::copy(dice.path("photo.png"), dice.path("photos/one.png")).expect("copied");
    let batch = |file| {
        let inputs = ["--inputs", "photos", "--as", "photo.png"];
        dice.run(&[&["batch", "--require-verified", file], &inputs[..]].concat())
    };
    batch("serial.py").expect(0);
    batch("distributed.py")
        .expect(2)
        .prints("")
        .says("dice verify SERIAL DISTRIBUTED");
    dice.run(&["verify", "serial.py", "distributed.py"])
        .expect(0);
    run("distributed.py").expect(0).prints("1\n");
    batch("distributed.py").expect(0);
}
