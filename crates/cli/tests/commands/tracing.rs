//! Traces over OTLP: what a collector is sent, decoded.

use opentelemetry_proto::tonic::trace::v1::Span;

use crate::support::{Collector, Dice};

const PROGRAM: &str = r#"
import asyncio, hermod

async def main(folder):
    await hermod.call("echo", value=1)
    await hermod.call("crash", folder=folder, times=1)
    try:
        await hermod.call("raise_error", message="no")
    except hermod.CallError:
        pass

asyncio.run(main("FOLDER"))
"#;

fn attribute(span: &Span, key: &str) -> Option<String> {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let attribute = span.attributes.iter().find(|it| it.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        Value::BoolValue(truth) => Some(truth.to_string()),
        other => panic!("{other:?}"),
    }
}

/// A span with what is under it, in the order of their beginnings, times left out.
fn tree(spans: &[Span], parent: &[u8], depth: usize) -> String {
    let mut under: Vec<&Span> = spans
        .iter()
        .filter(|it| it.parent_span_id == parent)
        .collect();
    under.sort_by_key(|span| (span.start_time_unix_nano, span.name.clone()));
    let mut text = String::new();
    for span in under {
        let keys = [
            "dice.call",
            "dice.outcome",
            "dice.state",
            "dice.attempt",
            "dice.wasted",
        ];
        let told = keys.iter().filter_map(|key| {
            let value = attribute(span, key)?;
            Some(format!(" {}={value}", key.trim_start_matches("dice.")))
        });
        let told: String = told.collect();
        text += &format!("{}{}{told}\n", "  ".repeat(depth), span.name);
        text += &tree(spans, &span.span_id, depth + 1);
    }
    text
}

#[test]
fn a_task_is_a_trace_of_its_calls() {
    let Some(dice) = Dice::new() else { return };
    let collector = Collector::start();
    let folder = dice.path(".").to_string_lossy().into_owned();
    let program = PROGRAM.replace("FOLDER", &folder);
    dice.run_program(&program, &["--otlp", &collector.url])
        .expect(0);
    let spans = collector.spans();
    // What a call waits for while its model is loaded may or may not be seen as loading: the load is
    // often asked for ahead.
    let without_loads: Vec<Span> = spans
        .iter()
        .filter(|it| it.name != "load")
        .cloned()
        .collect();
    insta::assert_snapshot!(tree(&without_loads, b"", 0));
    assert!(
        spans.iter().any(|span| span.name == "load"),
        "the first call waits for its model"
    );
    let trace = &spans[0].trace_id;
    assert!(
        spans
            .iter()
            .all(|span| &span.trace_id == trace && trace.len() == 16)
    );
    for span in &spans {
        assert!(
            span.start_time_unix_nano <= span.end_time_unix_nano,
            "{span:?}"
        );
        let parent = spans.iter().find(|it| it.span_id == span.parent_span_id);
        // A lease ends a moment after the outcome that it was for.
        let begins_inside = parent.is_none_or(|parent| {
            let within = parent.start_time_unix_nano..=parent.end_time_unix_nano;
            within.contains(&span.start_time_unix_nano)
        });
        assert!(begins_inside, "{span:?} in {parent:?}");
        assert_eq!(attribute(span, "dice.task").as_deref(), Some("1"));
    }
}

#[test]
fn a_collector_that_is_not_there_costs_nothing_but_a_warning() {
    let Some(dice) = Dice::new() else { return };
    let nowhere = ["--otlp", "http://127.0.0.1:1"];
    let ended = dice.run_program("print('well')\n", &nowhere).expect(0);
    assert_eq!(ended.stdout, "well\n");
    assert!(ended.stderr.contains("opentelemetry"), "{}", ended.stderr);
}
