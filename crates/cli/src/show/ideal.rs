//! A program beside its ideal.

use crate::commands::parallelize::ideal::{Comparison, Measured};

use super::table;

/// Three times, and the two paths that make them.
pub(crate) fn ideal(measured: &Measured, filename: &str) -> String {
    match measured {
        Measured::Traced(comparison) => traced(comparison, filename),
        Measured::Cannot { cannot, line } => {
            format!("{filename}:{line}: the ideal cannot be told: {cannot}")
        }
    }
}

fn traced(comparison: &Comparison, filename: &str) -> String {
    let Comparison {
        serial,
        ideal,
        achieved,
        ratio,
        ..
    } = comparison;
    let times = format!(
        "serial {serial:.2} s, ideal {ideal:.2} s, achieved {achieved:.2} s: {ratio:.3} of the ideal"
    );
    let drawn = "worst of five draws; latencies not given are drawn from 1 to 10 s a call";
    let could = comparison.calls.iter().filter(|call| call.critical);
    let could = could.map(|call| step(&call.function, Some(call.line), call.start, call.end));
    let does = comparison.path.iter();
    let does = does.map(|one| step(&one.function, one.line, one.start, one.end));
    [
        format!("{filename}: {times}"),
        format!("({drawn})"),
        "\nthe ideal's critical path:".to_owned(),
        path(could),
        "\nthe distributed program's:".to_owned(),
        path(does),
    ]
    .join("\n")
}

fn step(function: &str, line: Option<u32>, start: f64, end: f64) -> Vec<String> {
    let line = line.map(|line| line.to_string()).unwrap_or_default();
    vec![
        line,
        function.to_owned(),
        format!("{start:.2}"),
        format!("{end:.2}"),
    ]
}

fn path(steps: impl IntoIterator<Item = Vec<String>>) -> String {
    table(&[">line", "function", ">from", ">to"], steps)
}
