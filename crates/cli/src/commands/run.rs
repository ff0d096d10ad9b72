//! `dice run`: one program, on given inputs.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use dice_model::{FailureKind, TaskEnd, Tenant};
use dice_server::api::{
    ComparisonEvent, ComparisonRequest, Distributed, ParallelizeRequest, QuoteRequest, Stream,
    Task, TaskEvent, TaskRequest,
};
use hyper::Method;

use crate::arguments::Global;
use crate::connection::Connection;
use crate::exit::{Code, Ended, Failure};
use crate::inputs::{self, InputArgument};
use crate::show;

/// Run a program, serial or distributed
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice run program.py --input accident_scene.jpg=photo.png
  dice run program.py --input photo.jpg --json
  dice run serial.py --input photo.jpg --compare")]
pub(crate) struct Arguments {
    /// A Python program (- for standard input)
    program: PathBuf,
    /// A file that the program reads, under the name it uses
    #[arg(short, long = "input", value_name = "NAME=FILE")]
    inputs: Vec<InputArgument>,
    /// Give up after this long
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    deadline: Option<f64>,
    /// End it when what is rented meanwhile has cost so many dollars
    #[arg(long, value_name = "USD", value_parser = super::work::dollars, conflicts_with = "compare")]
    budget: Option<i64>,
    /// Whose task it is: tenants get their shares of the devices (see --weight)
    #[arg(long, value_name = "NAME", value_parser = super::tenant, conflicts_with = "compare")]
    tenant: Option<Tenant>,
    /// Take the program as serial; run it as a monolith and distributed, and compare
    #[arg(long, conflicts_with = "deadline")]
    compare: bool,
    /// Refuse a program that runs calls side by side and has no certificate of `dice verify`
    #[arg(long, conflicts_with = "compare")]
    require_verified: bool,
    /// Write the timeline here, for ui.perfetto.dev
    #[arg(long, value_name = "FILE")]
    timeline: Option<PathBuf>,
    /// Print the task as JSON when it has ended
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let program = super::read_program(&arguments.program).await?;
    if let Some(file) = &arguments.timeline {
        // Found out before anything is paid for.
        write_timeline(file, b"").await?;
    }
    let connection = Connection::open(global).await?;
    if arguments.require_verified
        && let Err(refused) = super::verified::check(global, &connection, &program).await
    {
        connection.close().await;
        return Err(refused);
    }
    let inputs = inputs::upload(connection.client(), &arguments.inputs).await?;
    let filename = super::file_name(&arguments.program);
    let ended = if arguments.compare {
        compare(&connection, program, filename, inputs, &arguments).await
    } else {
        let deadline_ms = milliseconds(arguments.deadline)?;
        let request = TaskRequest {
            program,
            filename,
            inputs,
            deadline_ms,
            budget_micro_usd: arguments.budget,
            tenant: arguments.tenant.clone(),
        };
        within_budget(&connection, &request, &arguments).await
    };
    connection.close().await;
    ended
}

/// A quote for one task is had where the same program ran on this input before.
async fn within_budget(
    connection: &Connection,
    request: &TaskRequest,
    arguments: &Arguments,
) -> Ended {
    let quote = QuoteRequest {
        program: request.program.clone(),
        filename: request.filename.clone(),
        inputs: vec![request.inputs.clone()],
        tasks: 1,
        sample: None,
        budget_micro_usd: request.budget_micro_usd,
        deadline_ms: None,
    };
    super::work::refuse_what_breaks(connection, &quote).await?;
    run_task(connection, request, arguments).await
}

async fn run_task(connection: &Connection, request: &TaskRequest, arguments: &Arguments) -> Ended {
    let client = connection.client();
    let accepted: Task = client.post("/api/v1/tasks", request).await?;
    let Some(task) = follow(connection, accepted.id, !arguments.json).await? else {
        return Ok(Code::Interrupted);
    };
    if let Some(file) = &arguments.timeline {
        let trace = show::perfetto(&task.calls);
        write_timeline(file, &serde_json::to_vec(&trace)?).await?;
    }
    if arguments.json {
        let task: Task = client.get(&format!("/api/v1/tasks/{}", task.id)).await?;
        super::print_json(&task)?;
    } else {
        for label in &task.labels {
            anstream::eprintln!("note: {label}");
        }
        if let Some(cost) = show::cost_line(&task) {
            anstream::eprintln!("note: {cost}");
        }
        explain_end(&task);
    }
    Ok(code_of(&task))
}

/// Shows a task's output as it comes; `None` if it was interrupted and has been cancelled.
pub(super) async fn follow(
    connection: &Connection,
    task: u64,
    live: bool,
) -> anyhow::Result<Option<Task>> {
    let path = format!("/api/v1/tasks/{task}/events");
    let mut events = connection
        .client()
        .events::<TaskEvent>(Method::GET, &path, None::<&()>)
        .await?;
    loop {
        let event = tokio::select! {
            event = events.next() => event?,
            () = connection.interrupted() => {
                let path = format!("/api/v1/tasks/{task}/cancel");
                let _: Task = connection.client().post(&path, &()).await?;
                anstream::eprintln!("cancelled task {task}");
                return Ok(None);
            }
        };
        match event {
            Some(TaskEvent::Output { stream, text }) if live => write_output(stream, &text)?,
            Some(TaskEvent::Output { .. }) => {}
            Some(TaskEvent::Failed(problem)) => return Err(Failure::from(problem).into()),
            Some(TaskEvent::Ended(task)) => return Ok(Some(*task)),
            None => {
                return Err(
                    Failure::failed(format!("the engine stopped while task {task} ran")).into(),
                );
            }
        }
    }
}

fn write_output(stream: Stream, text: &str) -> std::io::Result<()> {
    match stream {
        Stream::Stdout => {
            let mut stdout = std::io::stdout().lock();
            stdout.write_all(text.as_bytes())?;
            stdout.flush()
        }
        Stream::Stderr => std::io::stderr().write_all(text.as_bytes()),
    }
}

async fn compare(
    connection: &Connection,
    serial: String,
    filename: String,
    inputs: Vec<dice_model::TaskInput>,
    arguments: &Arguments,
) -> Ended {
    let parsed = dice_program::parse(&serial);
    if !parsed.is_valid() {
        let shown = show::diagnostics(&parsed.diagnostics, &serial, &filename);
        anstream::eprintln!("{shown}");
        return Ok(Code::Failed);
    }
    let client = connection.client();
    let request = ParallelizeRequest {
        program: serial.clone(),
    };
    let distributed: Distributed = client.post("/api/v1/parallelize", &request).await?;
    let request = ComparisonRequest {
        serial,
        distributed: distributed.program,
        filename,
        inputs,
    };
    let path = "/api/v1/comparisons";
    let mut events = client
        .events::<ComparisonEvent>(Method::POST, path, Some(&request))
        .await?;
    loop {
        let event = tokio::select! {
            event = events.next() => event?,
            () = connection.interrupted() => return Ok(Code::Interrupted),
        };
        match event {
            Some(ComparisonEvent::Output {
                stage,
                stream,
                text,
            }) if stage == "distributed" => {
                if !arguments.json {
                    write_output(stream, &text)?;
                }
            }
            Some(ComparisonEvent::Compared(report)) => {
                if arguments.json {
                    super::print_json(&report)?;
                } else {
                    anstream::println!("\n{}\n", show::timelines(&report));
                    anstream::println!("{}", show::comparison(&report));
                }
                let equal = report.equal;
                return Ok(if equal {
                    code_of(&report.distributed.task)
                } else {
                    Code::Failed
                });
            }
            Some(ComparisonEvent::Failed(problem)) => return Err(Failure::from(problem).into()),
            Some(_) => {}
            None => return Err(Failure::failed("the engine stopped during the comparison").into()),
        }
    }
}

async fn write_timeline(file: &Path, trace: &[u8]) -> Result<(), Failure> {
    let written = tokio::fs::write(file, trace).await;
    written.map_err(|error| {
        Failure::usage(format!("--timeline {}: {error}", file.display()))
            .hint("give the path of a file that can be written")
    })
}

/// What the program's own output does not say: its structured answer, and how it ended.
pub(super) fn explain_end(task: &Task) {
    if let Some(answer) = &task.answer {
        anstream::println!("{answer:#}");
    }
    match &task.end {
        Some(TaskEnd::Exception { traceback, .. }) => anstream::eprint!("{traceback}"),
        Some(TaskEnd::Normal | TaskEnd::Exit { code: 0 }) | None => {}
        Some(other) => anstream::eprintln!("task {}: {}", task.id, show::end(task.id, other)),
    }
}

/// The exit code of `dice` for a task's end (DESIGN §8).
pub(super) fn code_of(task: &Task) -> Code {
    match &task.end {
        Some(TaskEnd::Normal | TaskEnd::Exit { code: 0 }) => Code::Success,
        Some(TaskEnd::Exception {
            call_failed: Some(kind),
            ..
        }) => match kind {
            FailureKind::BadArguments => Code::Failed,
            FailureKind::Raised | FailureKind::WorkerLost => Code::Function,
            FailureKind::Deadline => Code::Limit,
        },
        Some(TaskEnd::Deadline | TaskEnd::Budget { .. }) => Code::Limit,
        Some(TaskEnd::Cancelled) => Code::Interrupted,
        Some(TaskEnd::Uncertain { .. }) => Code::Function,
        _ => Code::Failed,
    }
}

pub(super) fn milliseconds(seconds: Option<f64>) -> Result<Option<u64>, Failure> {
    match seconds {
        None => Ok(None),
        Some(seconds) if seconds.is_finite() && seconds > 0.0 => Ok(Some((seconds * 1e3) as u64)),
        Some(seconds) => Err(Failure::usage(format!("--deadline {seconds}: not a time"))
            .hint("give seconds, as in --deadline 2.5")),
    }
}
