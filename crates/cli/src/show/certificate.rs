//! A certificate for people: the verdict, what it rests on, and the counterexample.

use dice_verify::{Call, Certificate, Counterexample, Obligation, Outcome, Status};

/// `all`: proved obligations too.
pub(crate) fn certificate(certificate: &Certificate, all: bool) -> String {
    let mut lines = vec![headline(certificate)];
    let obligations = certificate.obligations.iter();
    let shown = obligations.filter(|one| all || one.status != Status::Proved);
    lines.extend(shown.map(obligation));
    if let Some(example) = &certificate.counterexample {
        lines.push(String::new());
        lines.extend(counterexample(example));
    }
    lines.join("\n")
}

fn headline(certificate: &Certificate) -> String {
    let count = |status: Status| {
        let obligations = certificate.obligations.iter();
        obligations.filter(|one| one.status == status).count()
    };
    format!(
        "{}: {} proved, {} tested only, {} assumed; {} runs, seed {}",
        certificate.verdict.text(),
        count(Status::Proved),
        count(Status::Tested),
        count(Status::Assumed),
        certificate.runs,
        certificate.seed,
    )
}

fn obligation(obligation: &Obligation) -> String {
    let place = match obligation.line {
        0 => String::new(),
        line => format!("line {line}: "),
    };
    let why = obligation.why.as_deref();
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!(
        "  {place}{} [{}]: {}{why}",
        obligation.status.text(),
        obligation.rule,
        obligation.what
    )
}

fn counterexample(example: &Counterexample) -> Vec<String> {
    let mut lines = vec!["they differ in".to_owned()];
    let differences = example.differences.iter();
    lines.extend(differences.map(|one| format!("  {} [{}]", one.what, one.rule)));
    if !example.inputs.is_empty() {
        let names: Vec<&str> = example.inputs.keys().map(String::as_str).collect();
        lines.push(format!("inputs\n  {}", names.join(", ")));
    }
    if !example.calls.is_empty() {
        lines.push("results given".to_owned());
        lines.extend(example.calls.iter().map(call));
    }
    lines.push("the serial program".to_owned());
    lines.extend(outcome(&example.serial));
    lines.push("the distributed program".to_owned());
    match &example.distributed {
        Some(distributed) => lines.extend(outcome(distributed)),
        None => lines.push("  does not end".to_owned()),
    }
    lines
}

fn call(call: &Call) -> String {
    let only = match call.program.as_str() {
        "serial" => "",
        _ => " of the distributed program only",
    };
    let outcome = if call.fails {
        "fails".to_owned()
    } else {
        format!("gives {}", call.result)
    };
    format!(
        "  line {}{only}: {} {outcome}, after {} s",
        call.line, call.call, call.seconds
    )
}

fn outcome(outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, text) in [
        ("prints", &outcome.stdout),
        ("prints to stderr", &outcome.stderr),
    ] {
        if !text.is_empty() {
            lines.push(format!("  {name}"));
            lines.extend(text.lines().map(|line| format!("    | {line}")));
        }
    }
    if !outcome.writes.is_empty() {
        lines.push("  writes".to_owned());
        lines.extend(outcome.writes.iter().map(|write| format!("    {write}")));
    }
    lines.push(format!("  ends {}", outcome.end));
    lines
}
