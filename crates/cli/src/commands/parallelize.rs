//! `dice parallelize`: a serial program to a distributed one.

pub(crate) mod explain;
pub(crate) mod ideal;
mod llm;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{ArgGroup, ValueEnum};
use dice_catalog::Catalog;
use dice_parallelize::Speculation;
use dice_server::api::{Decision, Distributed};

use crate::arguments::Global;
use crate::exit::{Code, Ended, Failure};
use crate::{catalog, show};

/// Rewrite a serial program so that its calls overlap, with the same answer
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("measured").args(["explain", "ideal"]).multiple(true))]
#[command(after_help = "Examples:
  dice parallelize program.py > distributed.py
  dice parallelize program.py --explain --catalog functions.yaml
  dice parallelize program.py --speculate 4 > distributed.py
  dice parallelize program.py --ideal --latency blip=0.9 --latency glip=2 > distributed.py")]
pub(crate) struct Arguments {
    /// A Python program (- for standard input)
    program: PathBuf,
    /// How
    #[arg(long = "with", value_enum, default_value_t = Way::Analysis)]
    way: Way,
    /// With `--with llm`: accept a program that is equal only as long as no call fails
    #[arg(long)]
    assume_no_failures: bool,
    /// Make calls before it is decided whether they are made: so many at a time that may be in vain, or for
    /// so much money, such as 4 or '$0.05'
    #[arg(long, value_name = "WINDOW|BUDGET")]
    speculate: Option<Speculation>,
    /// Say for each statement what was moved or kept, and why; what the program waits for before and after,
    /// with made-up functions; what guesses would gain
    #[arg(long)]
    explain: bool,
    /// Functions from this YAML or JSON file instead of those on offer
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// Say how long it would take at best, and does take, with made-up functions
    #[arg(long)]
    ideal: bool,
    /// What a function's calls take [default: 1 s for --explain, drawn for --ideal]; repeatable
    #[arg(
        long = "latency",
        requires = "measured",
        value_name = "FUNCTION=SECONDS",
        value_parser = ideal::parse_latency
    )]
    latencies: Vec<(String, f64)>,
    /// Print program and decisions as JSON
    #[arg(long)]
    json: bool,
}

/// With `--json`.
#[derive(serde::Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    distributed: &'a Distributed,
    #[serde(skip_serializing_if = "Option::is_none")]
    ideal: Option<&'a ideal::Measured>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<&'a explain::Explained>,
}

/// Who rewrites.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Way {
    /// By analysis: what cannot be proved independent stays in order
    Analysis,
    /// By the configured language model, if `dice verify` finds it equal; else by analysis
    Llm,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let source = super::read_program(&arguments.program).await?;
    let filename = super::file_name(&arguments.program);
    let catalog = match &arguments.catalog {
        Some(file) => catalog::from_file(file).await?,
        None => catalog::on_offer(global).await?,
    };
    let rewritten = |speculation| {
        let options = dice_parallelize::Options {
            strict_effects: global.engine.strict_effects,
            speculation,
        };
        dice_parallelize::parallelize(&source, &catalog, &options)
    };
    let distributed = match rewritten(arguments.speculate) {
        Ok(distributed) => distributed,
        Err(dice_parallelize::Diagnostics(found)) => {
            anstream::eprintln!("{}", show::diagnostics(&found, &source, &filename));
            return Ok(Code::Failed);
        }
    };
    let mut distributed = dice_server::convert::distributed(&distributed);
    if let Way::Llm = arguments.way {
        let assumed = arguments.assume_no_failures;
        let written = llm::rewrite(global, &catalog, &source, assumed).await?;
        anstream::eprintln!("{}", written.note);
        match written.program {
            Some(program) => take(&mut distributed, program),
            None => anstream::eprintln!("made by analysis instead"),
        }
    }
    let explained = if arguments.explain {
        let texts = explain::Texts {
            serial: &source,
            distributed: &distributed.program,
            plain: &rewritten(None).expect("it is Python").source,
        };
        let (speculate, latencies) = (arguments.speculate, &arguments.latencies);
        Some(explain::explain(global, &catalog, texts, speculate, latencies).await?)
    } else {
        None
    };
    let measured = if arguments.ideal {
        let latencies = &arguments.latencies;
        let made = &distributed.program;
        Some(ideal::measure(global, &catalog, &source, made, latencies).await?)
    } else {
        None
    };
    if arguments.json {
        super::print_json(&Told {
            distributed: &distributed,
            ideal: measured.as_ref(),
            explained: explained.as_ref(),
        })?;
        return Ok(Code::Success);
    }
    anstream::print!("{}", distributed.program);
    let decisions = distributed.decisions.into_iter();
    let shown: Vec<Decision> = decisions
        .filter(|decision| arguments.explain || decision.what == "kept")
        .collect();
    if !shown.is_empty() {
        anstream::eprintln!("{}", show::decisions(&shown, &filename));
    }
    if let Some(explained) = explained {
        anstream::eprintln!("{}", show::explained(&explained, &filename));
    }
    if let Some(measured) = measured {
        anstream::eprintln!("{}", show::ideal(&measured, &filename));
    }
    Ok(Code::Success)
}

/// A model's program. What the analysis decided is not about it.
fn take(distributed: &mut Distributed, program: String) {
    distributed.decisions.clear();
    distributed.changed = true;
    distributed.program = program;
}

/// Of `--latency`, by function; every one is in the catalog.
fn latencies(catalog: &Catalog, given: &[(String, f64)]) -> Result<BTreeMap<String, f64>, Failure> {
    if let Some((unknown, _)) = given.iter().find(|(name, _)| catalog.get(name).is_none()) {
        return Err(Failure::usage(format!(
            "--latency: no function `{unknown}`"
        )));
    }
    Ok(given.iter().cloned().collect())
}
