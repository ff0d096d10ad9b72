//! Slow steps, told to whoever shows them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A step that may take seconds to minutes, told as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    InstallingUv {
        version: &'static str,
    },
    /// Told only when the environment was not there yet.
    InstallingDependencies {
        file: PathBuf,
    },
    Describing {
        file: PathBuf,
    },
    /// The pack's own set-up script runs: models are fetched.
    Preparing {
        script: PathBuf,
    },
    /// A line that the set-up script wrote while it runs.
    PreparingSays {
        line: String,
    },
}

/// Called for each step; must return quickly.
pub type OnStep = Arc<dyn Fn(Step) + Send + Sync>;

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InstallingUv { version } => write!(f, "installing uv {version}"),
            Self::InstallingDependencies { file } => {
                write!(f, "installing the dependencies of {}", short(file))
            }
            Self::Describing { file } => write!(f, "describing {}", short(file)),
            Self::Preparing { script } => write!(f, "running the set-up {}", short(script)),
            Self::PreparingSays { line } => f.write_str(line),
        }
    }
}

/// `vision_cpu/glip.py`: enough to recognise a file by, where its folder may be deep in the cache.
fn short(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    let folder = file.parent().and_then(Path::file_name).map(Path::new);
    folder
        .unwrap_or(Path::new(""))
        .join(name)
        .display()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, expect: &str) {
        let step = Step::Describing { file: file.into() };
        assert_eq!(step.to_string(), format!("describing {expect}"));
    }

    #[test]
    fn a_file_is_named_with_its_folder() {
        check("/cache/packs/12ab/vision_cpu/glip.py", "vision_cpu/glip.py");
        check("glip.py", "glip.py");
        check("/glip.py", "glip.py");
        check("the sandbox", "the sandbox");
    }
}
