//! `dice up`: an engine that stays, for other commands and for plain Python.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;

use crate::support::{Dice, Ended, Processes, Running, case_text};

/// An engine on a port that is free, and its two addresses.
fn started(dice: &Dice) -> (Running, [String; 2]) {
    up(dice.start(&["up", "--listen", "127.0.0.1:0"]))
}

/// The two addresses of an engine that was just started.
pub(crate) fn up(mut running: Running) -> (Running, [String; 2]) {
    let said = running.wait_for(|stdout| stdout.contains("stop it with Ctrl-C"));
    let mut addresses = said
        .lines()
        .filter_map(|line| line.strip_prefix("HERMOD_URL="))
        .map(str::to_owned);
    let tcp = addresses.next().expect("two addresses");
    let unix = addresses.next().expect("two addresses");
    assert!(
        tcp.starts_with("http://127.0.0.1:") && unix.starts_with("unix:///"),
        "{said}"
    );
    (running, [tcp, unix])
}

fn client(dice: &Dice, arguments: &[&str]) -> Ended {
    Running::start(dice.client(arguments)).ended()
}

#[test]
fn other_commands_are_its_clients_and_sigterm_stops_it() {
    let Some(dice) = Dice::new() else { return };
    let (running, [tcp, _]) = started(&dice);
    let listed = client(&dice, &["get", "functions"]).expect(0);
    assert!(listed.stdout.contains("glip"), "{}", listed.stdout);
    dice.write("program.py", &case_text("cars_serial.py"));
    let run = ["run", "program.py", "--input", "street.jpg=photo.png"];
    let there = client(&dice, &run).expect(0);
    assert!(there.stdout.starts_with("Vehicle 1"), "{}", there.stdout);
    // Also by its address, without the folder.
    let mut by_address = dice.client(&[&run[..], &["--server", &tcp]].concat());
    by_address.env_remove("DICE_DATA");
    Running::start(by_address)
        .ended()
        .expect(0)
        .prints(&there.stdout);
    let tasks = client(&dice, &["tasks", "list", "--json"]).expect(0).json();
    assert_eq!(tasks["tasks"].as_array().expect("tasks").len(), 2);

    let processes = Processes::descended_from(running.id());
    assert!(!processes.is_empty(), "workers stay warm");
    running.signal(Signal::TERM);
    running.ended().expect(0).says("stopping");
    assert_eq!(
        processes.left_after(Duration::from_secs(5)),
        Vec::<u32>::new()
    );
    assert!(!dice.path("data/dice.sock").exists());
    // What ran is still known.
    let tasks = dice.run(&["tasks", "list", "--json"]).expect(0).json();
    assert_eq!(tasks["tasks"].as_array().expect("tasks").len(), 2);
}

#[test]
fn what_cannot_hold_is_refused() {
    let Some(dice) = Dice::new() else { return };
    let (_running, _) = started(&dice);
    let check = |arguments: &[&str], problem: &str, hint: &str| {
        client(&dice, arguments)
            .expect(2)
            .prints("")
            .says(problem)
            .says(hint);
    };
    let taken = "an engine is running on this data folder already";
    check(
        &["get", "functions", "--functions", "simulated"],
        taken,
        "leave out --functions",
    );
    check(&["get", "functions", "--concurrency", "4"], taken, "--data");
    check(&["up", "--listen", "127.0.0.1:0"], "data", "--data");
    check(&["up", "--server", "http://127.0.0.1:1"], "--server", "");
}

#[test]
fn it_listens_on_loopback_only_and_says_so() {
    let Some(dice) = Dice::new() else { return };
    let open = dice.run(&["up", "--listen", "0.0.0.0:0"]).expect(2);
    open.says("0.0.0.0:0 can be reached from other machines");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound").to_string();
    let busy = dice.run(&["up", "--listen", &address]).expect(2);
    busy.says(&format!("cannot listen on {address}"))
        .says("--listen");
}

/// DESIGN §4: the same program under plain `python`.
#[test]
fn plain_python_prints_the_same() {
    let Some(python) = std::env::var_os("DICE_TEST_PYTHON").map(PathBuf::from) else {
        eprintln!("skipped: set DICE_TEST_PYTHON to a Python 3.11+ that has Pillow and msgpack");
        return;
    };
    let Some(dice) = Dice::new() else { return };
    let (_running, addresses) = started(&dice);
    std::fs::copy(dice.path("photo.png"), dice.path("street.jpg")).expect("copied");
    for name in ["cars_serial.py", "cars_distributed.py"] {
        dice.write(name, &case_text(name));
        let ours = client(&dice, &["run", name, "--input", "street.jpg"]).expect(0);
        for address in &addresses {
            let mut plain = Command::new(&python);
            plain
                .arg(name)
                .current_dir(dice.path("."))
                .env("HERMOD_URL", address)
                .env("PYTHONPATH", sdk());
            Running::start(plain).ended().expect(0).prints(&ours.stdout);
        }
    }
}

fn sdk() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../python/src")
}
