//! A harness with the Python that tests are given.

use std::path::{Path, PathBuf};

use dice_interpreter::{Interpreter, Options};
use dice_verify::{Harness, Limits};

/// `None`, said aloud, where there is no Python to test with.
#[allow(clippy::print_stderr)]
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("DICE_TEST_PYTHON").map(PathBuf::from);
    if python.is_none() {
        eprintln!("skipped: set DICE_TEST_PYTHON to a Python 3.11+ that has Pillow and msgpack");
    }
    python
}

pub(crate) async fn harness(limits: Limits) -> Option<Harness> {
    let sdk_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/src");
    let options = Options {
        python: python()?,
        sdk_path: sdk_path.canonicalize().expect("in this repository"),
    };
    let interpreter = Interpreter::start(options).await.expect("starts");
    Some(Harness::new(interpreter, limits))
}
