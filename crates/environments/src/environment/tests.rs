//! How environments are remembered, with a stand-in for uv that writes down what it is asked.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Mutex;

use super::*;

struct Fixture {
    folder: tempfile::TempDir,
    environments: Environments,
    steps: Arc<Mutex<Vec<Step>>>,
}

/// Its uv makes the file `python` for `uv python find`, unless it is told to fail.
fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let uv = folder.path().join("uv");
    let script = r#"#!/bin/sh
here=$(dirname "$0")
echo "$1" >> "$here/asked"
if [ -e "$here/fail" ]; then echo "no such package" >&2; exit 1; fi
if [ "$1" = python ]; then touch "$here/python"; echo "$here/python"; fi
"#;
    std::fs::write(&uv, script).unwrap();
    std::fs::set_permissions(&uv, std::fs::Permissions::from_mode(0o755)).unwrap();
    let steps: Arc<Mutex<Vec<Step>>> = Arc::default();
    let told = Arc::clone(&steps);
    let mut environments = Environments::open(Options {
        on_step: Arc::new(move |step| told.lock().unwrap().push(step)),
        ..Options::new(folder.path().join("cache"))
    })
    .unwrap();
    environments.uv = Arc::new(OnceCell::new_with(Some(Uv::at(uv))));
    Fixture {
        folder,
        environments,
        steps,
    }
}

impl Fixture {
    fn write(&self, name: &str, dependency: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        let text = format!("# /// script\n# dependencies = [\"{dependency}\"]\n# ///\n");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn asked(&self) -> String {
        let asked = std::fs::read_to_string(self.folder.path().join("asked"));
        asked.unwrap_or_default().replace('\n', " ")
    }
}

#[tokio::test]
async fn equal_needs_share_an_environment_that_is_made_once() {
    let fixture = fixture();
    let (a, b) = (
        fixture.write("a.py", "numpy"),
        fixture.write("b.py", "numpy"),
    );
    let (first, second) = tokio::join!(
        fixture.environments.function_python(&a),
        fixture.environments.function_python(&b),
    );
    assert_eq!(first.unwrap(), second.unwrap());
    assert_eq!(fixture.asked(), "sync python ");
    assert_eq!(fixture.steps.lock().unwrap().len(), 1);

    let other = fixture.write("c.py", "torch");
    fixture.environments.function_python(&other).await.unwrap();
    assert_eq!(fixture.asked(), "sync python sync python ");
}

#[tokio::test]
async fn an_environment_that_is_gone_is_made_again() {
    let fixture = fixture();
    let file = fixture.write("a.py", "numpy");
    let python = fixture.environments.function_python(&file).await.unwrap();
    std::fs::remove_file(python).unwrap();
    let again = fixture.environments.function_python(&file).await.unwrap();
    assert!(again.exists());
    assert_eq!(fixture.asked(), "sync python sync python ");
}

#[tokio::test]
async fn uvs_reason_is_kept_and_the_failure_is_not_remembered() {
    let fixture = fixture();
    let file = fixture.write("a.py", "nampy");
    let fail = fixture.folder.path().join("fail");
    std::fs::write(&fail, "").unwrap();
    let error = fixture
        .environments
        .function_python(&file)
        .await
        .unwrap_err();
    assert_eq!(error.stderr(), Some("no such package"));
    assert!(error.to_string().contains("a.py"), "{error}");
    std::fs::remove_file(fail).unwrap();
    fixture.environments.function_python(&file).await.unwrap();
}
