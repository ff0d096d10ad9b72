//! Why there may be no fork server, said so that somebody can do something about it.

use std::error::Error as _;

use dice_interpreter::{Interpreter, Options, StartError};

async fn refusal(python: &str) -> StartError {
    let options = Options {
        python: python.into(),
        sdk_path: "/nowhere".into(),
    };
    Interpreter::start(options)
        .await
        .expect_err("there is no such Python")
}

#[tokio::test]
async fn no_such_file() {
    let error = refusal("/nowhere/python").await;
    assert_eq!(error.to_string(), "cannot run /nowhere/python");
    let source = error.source().expect("the system said why").to_string();
    assert!(source.starts_with("No such file or directory"), "{source}");
}

#[tokio::test]
async fn something_that_is_no_python() {
    let error = refusal("/bin/false").await;
    let message = "/bin/false cannot run programs (it needs Pillow and msgpack):\n";
    assert_eq!(error.to_string(), message);
}

#[tokio::test]
async fn a_python_without_the_sdk_says_what_it_misses() {
    let Some(python) = crate::harness::python() else {
        return;
    };
    let error = refusal(&python.to_string_lossy()).await.to_string();
    assert!(
        error.ends_with("ModuleNotFoundError: No module named 'hermod'"),
        "{error}"
    );
}
