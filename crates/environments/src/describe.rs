//! What a function file offers, described once per digest (RUNTIME C1).

use std::path::{Path, PathBuf};
use std::time::Duration;

use dice_model::Digest;
use serde_json::Value;

use crate::child::{self, Inherits};
use crate::progress::Step;
use crate::{EnvironmentError, Environments};

/// Importing a file loads libraries, never models.
const TIMEOUT: Duration = Duration::from_secs(120);

/// What `hermod describe FILE` printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    pub file: PathBuf,
    /// `{"hermod", "file_digest", "functions": […]}`, see `docs/functions.md`.
    pub json: Value,
}

impl Description {
    /// The names of the functions in the file, in its order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.json["functions"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|function| function["name"].as_str())
    }
}

impl Environments {
    /// Describes a function file; a file seen before, with the same neighbours and SDK, costs a read.
    pub async fn describe(&self, file: &Path) -> Result<Description, EnvironmentError> {
        let kept = self.cache.path(&[
            "descriptions",
            &format!("{}.json", self.description_key(file)?.short()),
        ]);
        let json = match std::fs::read(&kept)
            .ok()
            .and_then(|b| serde_json::from_slice(&b).ok())
        {
            Some(json) => json,
            None => {
                let printed = self.run_describe(file).await?;
                let json = serde_json::from_slice(&printed).map_err(|source| {
                    EnvironmentError::DescribeOutput {
                        file: file.to_owned(),
                        source,
                    }
                })?;
                self.cache.write(&kept, &printed)?;
                json
            }
        };
        Ok(Description {
            file: file.to_owned(),
            json,
        })
    }

    async fn run_describe(&self, file: &Path) -> Result<Vec<u8>, EnvironmentError> {
        let python = self.function_python(file).await?;
        (self.on_step)(Step::Describing {
            file: file.to_owned(),
        });
        let mut command = self.hermod_command(&python, Inherits::Basics);
        command.arg("describe").arg(file);
        let output = tokio::time::timeout(TIMEOUT, command.output())
            .await
            .map_err(|_| EnvironmentError::DescribeTimeout {
                file: file.to_owned(),
                seconds: TIMEOUT.as_secs(),
            })?
            .map_err(EnvironmentError::io(&python, "cannot run"))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(EnvironmentError::Describe {
            file: file.to_owned(),
            stderr: child::tail(&output.stderr),
        })
    }

    /// A function may import its neighbours, so all of them count; a function that reads something
    /// else at import is described as it was when first seen.
    fn description_key(&self, file: &Path) -> Result<Digest, EnvironmentError> {
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut key = format!("{} {}\n", self.sdk.digest(), file.display());
        for source in python_files(folder)? {
            let bytes =
                std::fs::read(&source).map_err(EnvironmentError::io(&source, "cannot read"))?;
            let name = source.file_name().unwrap_or_default().to_string_lossy();
            key.push_str(&format!("{name} {}\n", Digest::of(&bytes)));
        }
        Ok(Digest::of(key.as_bytes()))
    }
}

/// The `*.py` of a folder, sorted.
pub(crate) fn python_files(folder: &Path) -> Result<Vec<PathBuf>, EnvironmentError> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let wrong = EnvironmentError::io(folder, "cannot list");
    let mut files = std::fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(wrong)?;
    files.retain(|path| {
        path.extension().is_some_and(|extension| extension == "py") && path.is_file()
    });
    files.sort();
    Ok(files)
}
