//! The sandbox for programs without an engine around it: for questions about programs.

use dice_environments::Environments;
use dice_interpreter::Interpreter;
use dice_verify::{Harness, Limits};

use crate::arguments::Global;
use crate::connection::cache_folder;
use crate::steps::Steps;

/// Makes the sandbox's Python environment if it is not there yet, and starts the sandbox.
pub(crate) async fn harness(global: &Global, limits: Limits) -> anyhow::Result<Harness> {
    let steps = Steps::start(global.verbose > 0);
    let environments = Environments::open(dice_environments::Options {
        cache: cache_folder()?,
        on_step: steps.listener(),
    })?;
    let python = environments.interpreter_python().await?;
    steps.finish();
    let interpreter = Interpreter::start(dice_interpreter::Options {
        python,
        sdk_path: environments.sdk().path().to_owned(),
    });
    Ok(Harness::new(interpreter.await?, limits))
}
