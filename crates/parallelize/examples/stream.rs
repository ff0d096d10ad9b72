//! Many programs through one process: a JSON text per line in, an object per line out. For tests:
//! `cargo run -p dice-parallelize --example stream -- CATALOG [WINDOW|BUDGET] < programs > distributed`.

use std::io::{BufRead, Write};

use dice_catalog::Catalog;
use dice_parallelize::{Options, parallelize};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("give the catalog's path")?;
    let catalog = Catalog::from_resources(&std::fs::read_to_string(path)?)?;
    let speculation = std::env::args().nth(2).map(|text| text.parse());
    let options = Options {
        speculation: speculation.transpose()?,
        ..Options::default()
    };
    let mut answers = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let program: String = serde_json::from_str(&line?)?;
        let answer = match parallelize(&program, &catalog, &options) {
            Ok(made) => {
                let decisions: Vec<String> =
                    made.decisions.iter().map(ToString::to_string).collect();
                json!({"source": made.source, "changed": made.changed, "decisions": decisions})
            }
            Err(diagnostics) => json!({"error": diagnostics.to_string()}),
        };
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}
