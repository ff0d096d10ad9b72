//! With a real uv and the package registry: run by `make test`, which sets `DICE_TEST_UV=1`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests; a skipped test says so"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use dice_environments::{EnvironmentError, Environments, Options, Pack, Step, WorkerStart};

struct Fixture {
    folder: tempfile::TempDir,
    steps: Arc<Mutex<Vec<Step>>>,
    environments: Environments,
}

/// `None`, said on stderr, where the test may not use the network.
fn fixture() -> Option<Fixture> {
    if std::env::var_os("DICE_TEST_UV").is_none() {
        eprintln!(
            "skipped: DICE_TEST_UV is not set, and this test needs uv and a package registry"
        );
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let steps: Arc<Mutex<Vec<Step>>> = Arc::default();
    let told = Arc::clone(&steps);
    let environments = Environments::open(Options {
        on_step: Arc::new(move |step| told.lock().unwrap().push(step)),
        ..Options::new(folder.path().join("cache"))
    })
    .unwrap();
    Some(Fixture {
        folder,
        steps,
        environments,
    })
}

impl Fixture {
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join("pack").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn steps(&self) -> Vec<Step> {
        std::mem::take(&mut self.steps.lock().unwrap())
    }
}

const AREA: &str = r#"
# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.2.6"]
# ///
import hermod
import numpy

@hermod.function(effect="pure")
def area(width: float, height: float) -> float:
    """Area of a box."""
    return float(numpy.prod([width, height]))

@hermod.function(effect="pure")
class Model:
    """Has a model."""
    def __init__(self) -> None:
        raise SystemExit("a description runs no __init__ (C1)")
    def __call__(self, text: str) -> str:
        return text
"#;

/// RUNTIME C1.
#[tokio::test]
async fn a_file_is_described_once_without_running_init() {
    let Some(fixture) = fixture() else { return };
    let file = fixture.write("area.py", AREA);
    let first = fixture.environments.describe(&file).await.unwrap();
    assert_eq!(first.names().collect::<Vec<_>>(), ["area", "model"]);
    let steps = fixture.steps();
    assert!(
        steps.contains(&Step::InstallingDependencies { file: file.clone() }),
        "{steps:?}"
    );
    assert!(
        steps.contains(&Step::Describing { file: file.clone() }),
        "{steps:?}"
    );

    let again = fixture.environments.describe(&file).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(fixture.steps(), [], "the second time nothing is run");

    fixture.write("area.py", &AREA.replace("Area of a box", "Area"));
    let changed = fixture.environments.describe(&file).await.unwrap();
    assert_ne!(changed.json, first.json);
    assert_eq!(
        fixture.steps(),
        [Step::Describing { file }],
        "the environment is the same"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_imported_says_why() {
    let Some(fixture) = fixture() else { return };
    let file = fixture.write(
        "broken.py",
        "import hermod\nimport not_a_package_of_anybody\n",
    );
    let error = fixture.environments.describe(&file).await.unwrap_err();
    assert!(
        matches!(error, EnvironmentError::Describe { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("broken.py"), "{error}");
    assert!(
        error.stderr().unwrap().contains("not_a_package_of_anybody"),
        "{error:?}"
    );
}

#[tokio::test]
async fn needs_that_contradict_the_sdks_are_an_error_with_uvs_reason() {
    let Some(fixture) = fixture() else { return };
    let file = fixture.write(
        "old.py",
        "# /// script\n# dependencies = [\"pydantic<2\"]\n# ///\n",
    );
    let error = fixture.environments.describe(&file).await.unwrap_err();
    assert!(
        matches!(error, EnvironmentError::Dependencies { .. }),
        "{error:?}"
    );
    assert!(error.stderr().unwrap().contains("pydantic"), "{error:?}");
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn the_sandboxs_python_has_what_the_sdk_needs() {
    let Some(fixture) = fixture() else { return };
    let python = fixture.environments.interpreter_python().await.unwrap();
    let output = std::process::Command::new(python)
        .args([
            "-c",
            "import PIL.Image, msgpack, pydantic, hermod; print(hermod.__version__)",
        ])
        .env("PYTHONPATH", fixture.environments.sdk().path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn a_worker_is_the_process_that_we_start() {
    let Some(fixture) = fixture() else { return };
    let file = fixture.write("area.py", AREA);
    let command = fixture
        .environments
        .worker_command(&WorkerStart {
            file: file.clone(),
            function: "area".to_owned(),
            url: "unix:///tmp/gateway".to_owned(),
            token: "secret".to_owned(),
            threads: 3,
            time_scale: Some(0.5),
        })
        .await
        .unwrap();
    let command = command.as_std();
    let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
    assert_eq!(arguments[..3], ["-m", "hermod", "worker"]);
    assert_eq!(arguments[3], format!("{}:area", file.display()));
    let environment = |name: &str| {
        let found = command.get_envs().find(|(key, _)| *key == name);
        found
            .and_then(|(_, value)| value)
            .map(|value| value.to_string_lossy().into_owned())
    };
    assert_eq!(
        environment("HERMOD_URL").as_deref(),
        Some("unix:///tmp/gateway")
    );
    assert_eq!(environment("OMP_NUM_THREADS").as_deref(), Some("3"));
    assert_eq!(environment("HERMOD_TIME_SCALE").as_deref(), Some("0.5"));
    assert!(
        Path::new(command.get_program()).exists(),
        "a python, not uv"
    );
}

const SETUP: &str = r#"
import os, pathlib, sys
target = pathlib.Path(os.environ["DICE_CACHE"], "model")
with target.open("a") as file:
    file.write("fetched\n")
print("fetching", sys.argv[1], file=sys.stderr)
print(target)
"#;

#[tokio::test]
async fn a_pack_is_set_up_once_and_again_when_what_it_made_is_gone() {
    let Some(fixture) = fixture() else { return };
    let script = fixture.write("setup.py", SETUP);
    let pack = Pack::find(script.parent().unwrap()).unwrap();
    let made = fixture.environments.cache_path().join("model");
    let (first, second) = tokio::join!(
        fixture.environments.prepare(&pack),
        fixture.environments.prepare(&pack),
    );
    first.and(second).unwrap();
    fixture.environments.prepare(&pack).await.unwrap();
    let once = std::fs::read_to_string(&made).unwrap();
    assert_eq!(
        once, "fetched\n",
        "neither two at once nor a third fetch again"
    );
    let said = Step::PreparingSays {
        line: "fetching models".to_owned(),
    };
    assert!(fixture.steps().contains(&said));
    std::fs::remove_file(&made).unwrap();
    fixture.environments.prepare(&pack).await.unwrap();
    assert!(made.exists());
}

#[tokio::test]
async fn a_set_up_that_fails_says_what_it_said() {
    let Some(fixture) = fixture() else { return };
    let script = fixture.write("setup.py", "raise SystemExit('no network today')");
    let pack = Pack::find(script.parent().unwrap()).unwrap();
    let error = fixture.environments.prepare(&pack).await.unwrap_err();
    assert!(
        matches!(error, EnvironmentError::Prepare { .. }),
        "{error:?}"
    );
    assert_eq!(error.stderr(), Some("no network today"));
}

/// The shipped packs: what they declare must be describable on a fresh machine.
#[tokio::test]
async fn the_shipped_packs_describe() {
    let Some(fixture) = fixture() else { return };
    let functions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions");
    for (pack, expect) in [
        ("vision_cpu", vec!["blip", "glip", "ocr", "xvlm"]),
        ("simulated", vec!["blip", "glip", "xvlm"]),
    ] {
        let pack = Pack::find(&functions.join(pack)).unwrap();
        let mut names = Vec::new();
        for file in &pack.functions {
            let description = fixture.environments.describe(file).await.unwrap();
            names.extend(description.names().map(str::to_owned));
        }
        assert_eq!(names, expect);
        pack.profile().unwrap();
    }
}
