//! What a newcomer reads first.

use crate::support::Dice;

/// Every command, as it is typed.
const COMMANDS: &[&str] = &[
    "ask",
    "get",
    "get functions",
    "generate",
    "parallelize",
    "verify",
    "run",
    "batch",
    "cost",
    "compare",
    "quote",
    "plan",
    "up",
    "tasks",
    "top",
    "profile",
    "simulate",
    "replay",
    "prices",
    "prices show",
    "prices check",
    "prices diff",
    "tasks list",
    "tasks show",
    "tasks cancel",
    "tasks logs",
    "tasks resolve",
    "tasks forget",
    "fsck",
    "backup",
    "restore",
    "demo",
    "completions",
];

#[test]
fn the_first_page() {
    let help = Dice::bare()
        .command(&["--help"])
        .env_remove("DICE_DATA")
        .output();
    let help = String::from_utf8(help.expect("dice starts").stdout).expect("text");
    insta::with_settings!({ filters => vec![(r"(\[env: \w+=)[^\]]*", "$1…")] }, {
        insta::assert_snapshot!(help);
    });
}

#[test]
fn every_command_shows_an_example_of_itself() {
    let dice = Dice::bare();
    for command in COMMANDS {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = dice.run(&words).expect(0).stdout;
        let (_, examples) = help
            .split_once("Example")
            .unwrap_or_else(|| panic!("{help}"));
        assert!(examples.contains(&format!("dice {command}")), "{help}");
    }
}

#[test]
fn every_command_is_in_the_list_above() {
    let help = Dice::bare().run(&["--help"]).expect(0).stdout;
    let commands = help.split("Commands:\n").nth(1).expect("a list");
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().expect("a name");
        assert!(name == "help" || COMMANDS.contains(&name), "{name}");
    }
}

#[test]
fn completions_and_version() {
    let dice = Dice::bare();
    for shell in ["bash", "zsh", "fish"] {
        let completions = dice.run(&["completions", shell]).expect(0).stdout;
        assert!(completions.contains("parallelize"), "{shell}");
    }
    let version = format!("dice {}\n", env!("CARGO_PKG_VERSION"));
    dice.run(&["--version"]).expect(0).prints(&version);
}

/// `dice … | head -1` is ordinary use.
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let dice = Dice::bare();
    let catalog = crate::support::case("functions.yaml");
    let program = crate::support::case("cars_serial.py");
    let (catalog, program) = (catalog.display(), program.display());
    let binary = env!("CARGO_BIN_EXE_dice");
    for command in [
        "completions bash".to_owned(),
        format!("parallelize {program} --catalog {catalog} --json"),
    ] {
        let script = format!("({binary} {command}; echo \"status $?\" >&2) | true");
        let mut shell = std::process::Command::new("sh");
        shell
            .args(["-c", &script])
            .env("DICE_DATA", dice.path("data"));
        let ended = crate::support::Running::start(shell).ended().expect(0);
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    }
}
