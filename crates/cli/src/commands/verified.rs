//! `--require-verified`: a program that runs calls side by side needs a certificate.

use dice_model::Digest;
use dice_verify::Certificates;

use crate::arguments::Global;
use crate::catalog;
use crate::connection::{self, Connection};
use crate::exit::Failure;

/// For the functions that the engine has on offer. A plain serial program needs none.
pub(crate) async fn check(
    global: &Global,
    connection: &Connection,
    program: &str,
) -> anyhow::Result<()> {
    if !dice_verify::runs_ahead(&dice_program::parse(program)) {
        return Ok(());
    }
    let functions = catalog::of_engine(connection).await?;
    let data = connection::data_folder(global)?;
    let digest = Digest::of(program.as_bytes());
    if Certificates::of_data_folder(&data).attest(&digest, &functions.digest())? {
        return Ok(());
    }
    Err(Failure::usage(
        "this program runs calls side by side, and no certificate says that its answer is a serial one's",
    )
    .hint("dice verify SERIAL DISTRIBUTED makes one, for these two texts and the functions on offer")
    .into())
}
