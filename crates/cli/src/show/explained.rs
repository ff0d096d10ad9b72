//! What is said of a distributed program beside its decisions.

use std::collections::BTreeMap;

use dice_parallelize::Reuse;

use super::table;
use crate::commands::parallelize::explain::{Explained, Gain, Path, Paths};

/// Critical paths, guesses, results that may be given again.
pub(crate) fn explained(explained: &Explained, filename: &str) -> String {
    let paths = match &explained.paths {
        Paths::Cannot { cannot } => format!("the critical paths are not known: {cannot}"),
        Paths::Measured {
            before,
            after,
            speculation,
            end,
        } => [
            paths(explained, before, after, end),
            guesses(explained, speculation.as_ref()),
        ]
        .join("\n\n"),
    };
    format!("\n{paths}\n\n{}", reuse(&explained.reuse, filename))
}

fn paths(explained: &Explained, before: &Path, after: &Path, end: &str) -> String {
    let end = match end {
        "normal" => String::new(),
        other => format!("; it ends so: {other}"),
    };
    let head = format!(
        "critical path: {:.2} s before, {:.2} s after ({}, results made up{end})",
        before.seconds,
        after.seconds,
        latencies(&explained.latencies)
    );
    let mut rows: BTreeMap<(u32, &str), [String; 2]> = BTreeMap::new();
    for (side, path) in [before, after].into_iter().enumerate() {
        for wait in &path.waits {
            let cell = format!(
                "{} × {:.2} s",
                wait.calls,
                wait.seconds / f64::from(wait.calls)
            );
            rows.entry((wait.line, &wait.function)).or_default()[side] = cell;
        }
    }
    let rows = rows.into_iter().map(|((line, function), [before, after])| {
        vec![line.to_string(), function.to_owned(), before, after]
    });
    let headings = [">line", "waits for", ">before", ">after"];
    format!("{head}\n{}", table(&headings, rows))
}

fn latencies(given: &BTreeMap<String, f64>) -> String {
    let given: Vec<String> = given
        .iter()
        .map(|(function, seconds)| format!("{function} {seconds} s"))
        .collect();
    match given.as_slice() {
        [] => "unit latencies: each call takes 1 s".to_owned(),
        given => format!("as given: {}; any other call takes 1 s", given.join(", ")),
    }
}

fn guesses(explained: &Explained, gain: Option<&Gain>) -> String {
    let option = format!("--speculate {}", explained.speculate.replace('"', "'"));
    let Some(gain) = gain else {
        return format!("speculation: {option} finds nothing to guess");
    };
    let state = match explained.speculating {
        true => format!("{option} makes it"),
        false => format!("off; {option} would make it"),
    };
    format!(
        "speculation: {state} {:.2} s instead of {:.2} s, for {:.1} calls in vain (at most {}), in the mean of \
         five runs with made-up results",
        gain.guessing, gain.without, gain.in_vain, gain.most_in_vain
    )
}

fn reuse(calls: &[Reuse], filename: &str) -> String {
    let lines = |why_not: Option<&'static str>| {
        let calls = calls.iter().filter(|call| call.why_not == why_not);
        let named = calls.map(|call| {
            let function = call.function.as_deref().unwrap_or("a function by variable");
            format!("{function} (line {})", call.line)
        });
        named.collect::<Vec<_>>().join(", ")
    };
    let mut reasons: Vec<_> = calls.iter().filter_map(|call| call.why_not).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let mut told = vec![match lines(None).as_str() {
        "" => format!("{filename}: no result may be given again (E5)"),
        reusable => format!(
            "{filename}: results that may be given again, being of functions declared pure (E5): {reusable}"
        ),
    }];
    told.extend(
        reasons
            .into_iter()
            .map(|why| format!("not, because {why}: {}", lines(Some(why)))),
    );
    told.join("\n")
}
