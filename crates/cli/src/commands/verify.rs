//! `dice verify`: is a distributed program as good as the serial one?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dice_catalog::Catalog;
use dice_verify::{Certificates, Limits, Pair, Verdict};

use crate::arguments::Global;
use crate::exit::{Code, Ended, Failure};
use crate::inputs::InputArgument;
use crate::{catalog, connection, sandbox, show};

/// Prove and test that a distributed program gives the serial one's answer
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dice verify program.py distributed.py
  dice verify program.py distributed.py --catalog functions.yaml --json > certificate.json

The certificate is kept: dice run --require-verified distributed.py then runs.")]
pub(crate) struct Arguments {
    /// The serial program
    serial: PathBuf,
    /// The program that claims to be as good
    distributed: PathBuf,
    /// Functions from this YAML or JSON file instead of those on offer
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// Be content if both agree as long as no call fails
    #[arg(long)]
    assume_no_failures: bool,
    /// A text that the programs read, under the name they use; others, and images, are made up
    #[arg(short, long = "input", value_name = "NAME=FILE")]
    inputs: Vec<InputArgument>,
    /// Other results and latencies, for another seed
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Runs of both programs, at most
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(3..))]
    runs: u32,
    /// Say for each loop and call whether it is proved
    #[arg(long)]
    explain: bool,
    /// Print the certificate as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Ended {
    let serial = read(&arguments.serial).await?;
    let distributed = read(&arguments.distributed).await?;
    let catalog = functions(global, arguments.catalog.as_deref()).await?;
    let mut inputs = BTreeMap::new();
    for input in &arguments.inputs {
        inputs.extend(input.read_text().await?);
    }
    let options = dice_verify::Options {
        runs: arguments.runs,
        seed: arguments.seed,
        inputs,
    };
    let pair = Pair {
        serial: &serial,
        distributed: &distributed,
    };
    let harness = sandbox::harness(global, Limits::default()).await?;
    let certificate = dice_verify::verify(&harness, pair, &catalog, &options).await?;
    keep(global, &certificate)?;
    if arguments.json {
        super::print_json(&certificate)?;
    } else {
        anstream::println!("{}", show::certificate(&certificate, arguments.explain));
    }
    let content = certificate.verdict == Verdict::Equal
        || arguments.assume_no_failures && certificate.verdict == Verdict::EqualWhenNoCallFails;
    Ok(if content { Code::Success } else { Code::Failed })
}

/// A program that can be run at all.
async fn read(path: &Path) -> anyhow::Result<String> {
    let source = super::read_program(path).await?;
    let parsed = dice_program::parse(&source);
    if parsed.diagnostics.is_empty() {
        return Ok(source);
    }
    let filename = super::file_name(path);
    let found = show::diagnostics(&parsed.diagnostics, &source, &filename);
    Err(Failure::usage(format!("{} is no Python program\n{found}", path.display())).into())
}

async fn functions(global: &Global, file: Option<&Path>) -> anyhow::Result<Catalog> {
    let catalog = match file {
        Some(file) => catalog::from_file(file).await?,
        None => catalog::on_offer(global).await?,
    };
    if global.engine.strict_effects {
        return Ok(catalog.with_strict_effects()?);
    }
    Ok(catalog)
}

fn keep(global: &Global, certificate: &dice_verify::Certificate) -> anyhow::Result<()> {
    if global.server.is_some() {
        return Ok(()); // certificates are kept where programs are run from
    }
    let data = connection::data_folder(global)?;
    let kept = Certificates::of_data_folder(&data).keep(certificate);
    kept.map_err(|error| {
        Failure::failed(format!("the certificate cannot be kept: {error}"))
            .hint("give another folder with --data")
            .into()
    })
}
