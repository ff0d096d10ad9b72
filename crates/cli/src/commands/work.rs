//! What `dice batch` and `dice quote` are about: a program, its inputs, how often, and within what bounds.

use std::path::PathBuf;

use dice_model::TaskInput;
use dice_server::api::{NeedsSample, Quote, QuoteAnswer, QuoteRequest};

use super::batch::{files, only_input};
use crate::connection::Connection;
use crate::exit::{Code, Failure};
use crate::{inputs, show};

// Not a doc comment: it would become the text above the command's help.
#[derive(Debug, clap::Args)]
pub(super) struct Work {
    /// A Python program
    program: PathBuf,
    /// A folder; each file in it is the input of one task
    #[arg(long, value_name = "DIR")]
    inputs: PathBuf,
    /// The name that the program reads its input under [default: the only file it names]
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// This many tasks, taking the files in turn [default: one per file]
    #[arg(long, value_name = "N")]
    tasks: Option<usize>,
}

// The same.
#[derive(Debug, clap::Args)]
pub(super) struct Bounds {
    /// At most so many dollars for what is rented meanwhile
    #[arg(long, value_name = "USD", value_parser = dollars)]
    pub(super) budget: Option<i64>,
    /// Within so many seconds
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub(super) deadline: Option<f64>,
}

/// The same, read and looked at.
pub(super) struct ReadWork {
    pub(super) program: String,
    pub(super) filename: String,
    pub(super) files: Vec<PathBuf>,
    pub(super) tasks: usize,
    name: String,
}

impl Work {
    pub(super) async fn read(&self) -> anyhow::Result<ReadWork> {
        let program = super::read_program(&self.program).await?;
        let name = match &self.name {
            Some(name) => name.clone(),
            None => only_input(&program)?,
        };
        let files = files(&self.inputs)?;
        let tasks = self.tasks.unwrap_or(files.len());
        if tasks == 0 {
            return Err(Failure::usage("--tasks 0: there is at least one task")
                .hint("leave --tasks out for one task per file")
                .into());
        }
        Ok(ReadWork {
            program,
            filename: super::file_name(&self.program),
            files,
            tasks,
            name,
        })
    }
}

impl ReadWork {
    /// The inputs of each task that is another one: after them it begins anew.
    pub(super) async fn upload(
        &self,
        connection: &Connection,
    ) -> anyhow::Result<Vec<Vec<TaskInput>>> {
        let mut uploaded = Vec::with_capacity(self.files.len());
        for file in self.files.iter().take(self.tasks) {
            let input = inputs::upload_file(connection.client(), &self.name, file).await?;
            uploaded.push(vec![input]);
        }
        Ok(uploaded)
    }

    pub(super) fn quote_request(
        &self,
        inputs: Vec<Vec<TaskInput>>,
        bounds: &Bounds,
    ) -> Result<QuoteRequest, Failure> {
        Ok(QuoteRequest {
            program: self.program.clone(),
            filename: self.filename.clone(),
            inputs,
            tasks: self.tasks as u64,
            sample: None,
            budget_micro_usd: bounds.budget,
            deadline_ms: super::run::milliseconds(bounds.deadline)?,
        })
    }
}

/// Before anything is begun: refused if the likely run breaks a bound. Where nobody knows yet, or it is
/// doubtful, that is said; the bounds are kept while it runs all the same.
pub(super) async fn refuse_what_breaks(
    connection: &Connection,
    request: &QuoteRequest,
) -> anyhow::Result<()> {
    if request.budget_micro_usd.is_none() && request.deadline_ms.is_none() {
        return Ok(());
    }
    match connection.client().post("/api/v1/quotes", request).await? {
        QuoteAnswer::Quote(quote) => allowed(&quote)?,
        QuoteAnswer::NeedsSample(NeedsSample { .. }) => anstream::eprintln!(
            "note: nobody can say beforehand whether this will do, since too few tasks of this program ran \
             (`dice quote --sample N` runs some); it is ended when it does not"
        ),
    }
    Ok(())
}

fn allowed(quote: &Quote) -> Result<(), Failure> {
    if quote.refused.is_empty() {
        for doubt in &quote.doubtful {
            anstream::eprintln!("note: doubtful: {doubt}");
        }
        return Ok(());
    }
    anstream::eprintln!("{}\n", show::quote(quote));
    Err(Failure {
        code: Code::Limit,
        message: format!("not begun: {}", quote.refused.join("; ")),
        hint: Some(format!("would do: {}", quote.would_do.join("; "))),
    })
}

/// Whole µ$.
pub(super) fn dollars(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text}: not dollars; expected an amount like 2.50");
    let amount: f64 = text.trim_start_matches('$').parse().map_err(|_| wrong())?;
    if !(amount > 0.0 && amount < 1e12) {
        return Err(wrong());
    }
    Ok((amount * 1e6).round() as i64)
}
