//! The engine's types to the API's: the one place where they meet.

mod cost;
mod quote;

use dice_engine::{
    AskEvent, BatchReport, CompareEvent, Comparison, Invoice, RunEvent, Side, Stream, TaskReport,
};
use dice_model::{Cost, Digest, Timestamp, apportion};
use dice_parallelize::{Decision, Distributed};
use dice_program::{Diagnostic, Lines};
use dice_runtime::{CallRecord, CallResult, CallState, Guessed, TaskKind};

use crate::api;

pub use cost::cost_report;
pub use quote::quote_answer;

pub fn task(report: &TaskReport) -> api::Task {
    let record = &report.record;
    let origin = record.started.unwrap_or(record.accepted);
    api::Task {
        id: record.id.0,
        state: record.state,
        filename: record.spec.filename.clone(),
        batch: record.spec.batch.map(|batch| batch.0),
        program: source(&record.spec.kind),
        form: record.spec.form,
        inputs: record.spec.inputs.clone(),
        end: record.end.clone(),
        accepted_at: record.accepted.0,
        started_at: record.started.map(|time| time.0),
        ended_at: record.ended.map(|time| time.0),
        stdout: report.stdout.clone(),
        stderr: report.stderr.clone(),
        answer: record
            .answer
            .as_ref()
            .map(|value| serde_json::to_value(value).expect("values are JSON")),
        call_count: record.calls,
        calls: report.calls.iter().map(|call| span(call, origin)).collect(),
        bill: report.bill.as_ref().map(bill),
        labels: report.labels.clone(),
    }
}

const fn source(kind: &TaskKind) -> Option<Digest> {
    match kind {
        TaskKind::Program { source } => Some(*source),
        TaskKind::External => None,
    }
}

pub fn call_result(result: CallResult) -> api::CallResult {
    let (value, problem) = match result.outcome {
        Ok(value) => (Some(value), None),
        Err(failure) => (None, Some(failure.to_string())),
    };
    api::CallResult {
        call: result.call,
        function: result.function.to_string(),
        lease: result.execution.as_ref().map(|execution| execution.lease.0),
        execute_ns: result.execution.map(|execution| execution.execute_ns),
        result: value.map(|value| serde_json::to_value(value).expect("values are JSON")),
        problem,
    }
}

fn span(call: &CallRecord, origin: Timestamp) -> api::CallSpan {
    let offset = |time: Timestamp| time.0.saturating_sub(origin.0);
    let execution = call.execution.as_ref();
    api::CallSpan {
        call: call.call,
        function: call.function.to_string(),
        issued_offset_ns: offset(call.issued),
        granted_offset_ns: call.granted.map(offset),
        ended_offset_ns: call.ended.map(offset),
        device: execution.map(|execution| execution.device.to_string()),
        attempt: call.attempts,
        outcome: outcome(call).to_owned(),
        wasted: call.wasted || call.granted.is_some() && call.guess == Some(Guessed::InVain),
    }
}

fn outcome(call: &CallRecord) -> &'static str {
    match &call.state {
        CallState::Succeeded if call.shared.is_some() => "shared",
        CallState::Succeeded if call.reused.is_some() => "reused",
        CallState::Succeeded => "ok",
        CallState::Failed(_) => "failed",
        CallState::Withdrawn => "withdrawn",
        CallState::Uncertain => "uncertain",
        CallState::Waiting | CallState::Granted => "open",
    }
}

fn bill(bill: &Invoice) -> api::Bill {
    let floors = bill.floors.as_ref();
    let floors = floors.map(|floors| cost::floors(floors, bill.whole.rented));
    cost::bill(
        bill.total,
        &bill.lines,
        &bill.prices,
        floors,
        bill.quoted.as_ref(),
    )
}

fn nanoseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

pub fn run_event(event: RunEvent) -> api::TaskEvent {
    match event {
        RunEvent::Output(from, text) => api::TaskEvent::Output {
            stream: stream(from),
            text,
        },
        RunEvent::Ended(report) => api::TaskEvent::Ended(Box::new(task(&report))),
        RunEvent::Lost(error) => api::TaskEvent::Failed(api::Problem::from(error)),
    }
}

const fn stream(stream: Stream) -> api::Stream {
    match stream {
        Stream::Stdout => api::Stream::Stdout,
        Stream::Stderr => api::Stream::Stderr,
    }
}

pub fn distributed(distributed: &Distributed) -> api::Distributed {
    api::Distributed {
        program: distributed.source.clone(),
        changed: distributed.changed,
        decisions: distributed.decisions.iter().map(decision).collect(),
    }
}

fn decision(decision: &Decision) -> api::Decision {
    api::Decision {
        line: u32::try_from(decision.line).unwrap_or(u32::MAX),
        what: decision.outcome.word().to_owned(),
        rule: Some(decision.rule.to_owned()).filter(|rule| !rule.is_empty()),
        message: decision.why.clone(),
        help: decision.help.clone(),
    }
}

pub fn diagnostics(found: &[Diagnostic], source: &str) -> Vec<api::Diagnostic> {
    let lines = Lines::new(source);
    let convert = |diagnostic: &Diagnostic| {
        let at = lines.locate(diagnostic.start);
        api::Diagnostic {
            severity: diagnostic.severity.word().to_owned(),
            code: diagnostic.code.to_owned(),
            line: u32::try_from(at.line).unwrap_or(u32::MAX),
            column: u32::try_from(at.column).unwrap_or(u32::MAX),
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
        }
    };
    found.iter().map(convert).collect()
}

pub fn generated(program: &str, generated: &dice_codegen::Generated) -> api::Generated {
    use dice_codegen::{AnswerSource, Outcome};
    let warnings = match &generated.outcome {
        Outcome::Program { source, warnings } => diagnostics(warnings, source),
        Outcome::CannotAnswer { .. } => Vec::new(),
    };
    let (origin, author) = match &generated.source {
        AnswerSource::Model { name } => ("model answer", name.clone()),
        AnswerSource::Recorded { name, .. } => ("recorded answer", name.clone()),
        AnswerSource::Scripted => ("scripted answer", String::new()),
    };
    let tokens = generated.rounds.iter().map(|round| round.answer.tokens);
    let priced = generated.rounds.iter().map(|round| {
        let prices = round.answer.prices?;
        Some(prices.cost_micro_usd(round.answer.tokens))
    });
    api::Generated {
        program: program.to_owned(),
        origin: origin.to_owned(),
        author,
        rounds: u32::try_from(generated.rounds.len()).unwrap_or(u32::MAX),
        prompt_tokens: tokens.clone().map(|tokens| tokens.prompt).sum(),
        answer_tokens: tokens.map(|tokens| tokens.answer).sum(),
        micro_usd: priced.sum(),
        diagnostics: warnings,
    }
}

pub fn ask_event(event: AskEvent) -> api::AskEvent {
    match event {
        AskEvent::Functions(functions) => api::AskEvent::Functions { functions },
        AskEvent::Serial {
            program,
            generated: by,
        } => api::AskEvent::Serial(generated(&program, &by)),
        AskEvent::Distributed(program) => api::AskEvent::Distributed(distributed(&program)),
        AskEvent::Running(stage, task) => api::AskEvent::Running {
            stage: stage.word().to_owned(),
            task: Some(task.0),
        },
        AskEvent::Output(stage, from, text) => api::AskEvent::Output {
            stage: stage.word().to_owned(),
            stream: stream(from),
            text,
        },
        AskEvent::Compared(report) => api::AskEvent::Compared(Box::new(comparison(&report))),
        AskEvent::Answered(report) => api::AskEvent::Answered(Box::new(task(&report))),
    }
}

pub fn comparison_event(event: CompareEvent) -> api::ComparisonEvent {
    match event {
        CompareEvent::Running(stage, task) => api::ComparisonEvent::Running {
            stage: stage.word().to_owned(),
            task: Some(task.0),
        },
        CompareEvent::Output(stage, from, text) => api::ComparisonEvent::Output {
            stage: stage.word().to_owned(),
            stream: stream(from),
            text,
        },
        CompareEvent::Compared(report) => {
            api::ComparisonEvent::Compared(Box::new(comparison(&report)))
        }
    }
}

pub fn comparison(comparison: &Comparison) -> api::ComparisonReport {
    let cost = comparison.cost.as_ref();
    api::ComparisonReport {
        baseline: side(&comparison.baseline),
        distributed: side(&comparison.distributed),
        equal: comparison.is_equal(),
        difference: comparison.difference.clone(),
        saving: cost.map(|_| comparison.saving()),
        speedup: comparison.speedup(),
        split: comparison.split.as_ref().ok().map(cost::split),
        split_missing: comparison.split.as_ref().err().cloned(),
        labels: comparison.labels.clone(),
    }
}

fn side(side: &Side) -> api::Side {
    let time = side.report.bill.as_ref().map(|bill| bill.whole.device_time);
    let time = time.unwrap_or_default();
    api::Side {
        task: task(&side.report),
        hardware: side.hardware.clone(),
        elapsed_ns: nanoseconds(side.elapsed),
        device_ns: nanoseconds(time.leased()),
        execute_ns: nanoseconds(time.execute),
        rented_ns: nanoseconds(time.held),
        utilisation: time.utilisation(),
    }
}

pub fn batch(report: &BatchReport, resumed: bool) -> api::Batch {
    let items = report.items.iter().map(|item| api::BatchItem {
        task: item.record.id.0,
        file: None,
        inputs: item
            .record
            .spec
            .inputs
            .iter()
            .map(|input| input.name.clone())
            .collect(),
        state: item.record.state,
        stdout: item.stdout.clone(),
        problem: item.problem(),
        micro_usd: None,
    });
    let mut items: Vec<api::BatchItem> = items.collect();
    let shares: Option<Vec<Cost>> = report.items.iter().map(|item| item.cost).collect();
    if let Some(shares) = shares {
        for (item, micro_usd) in items.iter_mut().zip(apportion(&shares)) {
            item.micro_usd = Some(micro_usd.0);
        }
    }
    api::Batch {
        id: report.record.id.0,
        resumed,
        total: report.record.tasks.len() as u64,
        done: report.done as u64,
        failed: report.failed as u64,
        at_limit: report.at_limit as u64,
        finished: report.record.is_finished(),
        items,
        bill: report.bill.as_ref().map(bill),
        elapsed_ns: report.elapsed.map(nanoseconds),
        calls: report.calls as u64,
        labels: report.labels.clone(),
    }
}
