//! Finds `uv`, or installs it into the cache with the Python that is there.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::EnvironmentError;
use crate::cache::Cache;
use crate::child;
use crate::progress::{OnStep, Step};

/// Installed where none is found. Tested with this one.
const INSTALLED: &str = "0.13.9";
/// The oldest that is taken from the `PATH`.
const OLDEST: Version = Version(0, 8, 0);
const PYTHONS: &[&str] = &[
    "python3",
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32, u32);

/// A `uv` binary that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uv {
    path: PathBuf,
}

impl Uv {
    /// `DICE_UV`, else `uv` on the `PATH` if it is recent, else the cache's own, made if needed.
    pub(crate) async fn find_or_install(
        cache: &Cache,
        on_step: &OnStep,
    ) -> Result<Self, EnvironmentError> {
        if let Some(path) = std::env::var_os("DICE_UV") {
            return Self::named(PathBuf::from(path)).await;
        }
        if let Ok(version) = version_of(Path::new("uv")).await
            && version >= OLDEST
        {
            return Ok(Self {
                path: PathBuf::from("uv"),
            });
        }
        let path = cache.path(&["uv", INSTALLED, "uv"]);
        let _lock = cache.lock("uv").await?;
        if !path.is_file() {
            on_step(Step::InstallingUv { version: INSTALLED });
            install(cache, &path).await?;
        }
        Ok(Self { path })
    }

    async fn named(path: PathBuf) -> Result<Self, EnvironmentError> {
        match version_of(&path).await {
            Ok(version) if version >= OLDEST => Ok(Self { path }),
            Ok(version) => Err(EnvironmentError::UvBroken {
                path,
                detail: format!("it is {version}; at least {OLDEST} is needed"),
            }),
            Err(detail) => Err(EnvironmentError::UvBroken { path, detail }),
        }
    }

    #[cfg(test)]
    pub(crate) const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// It is the user's own package manager: it sees the user's whole environment (indexes, proxies
    /// and their passwords), as when run by hand.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(arguments)
            .stdin(std::process::Stdio::null())
            .kill_on_drop(true);
        command
    }
}

async fn version_of(uv: &Path) -> Result<Version, String> {
    let output = Command::new(uv)
        .arg("--version")
        .output()
        .await
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    Version::parse(&text).ok_or_else(|| format!("`--version` printed {text:?}"))
}

impl Version {
    /// `uv 0.13.9 (x86_64-unknown-linux-gnu)`
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text
            .strip_prefix("uv ")?
            .split_whitespace()
            .next()?
            .splitn(3, '.');
        let mut next = || {
            let digits: String = parts
                .next()?
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            digits.parse().ok()
        };
        Some(Self(next()?, next()?, next()?))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// `python3 -m venv` aside, `pip install uv` in it, and only the binary is kept: unlike the venv it
/// may be moved into place.
async fn install(cache: &Cache, target: &Path) -> Result<(), EnvironmentError> {
    let python = find_python().await?;
    let aside = cache.aside()?;
    let venv = aside.path().join("venv");
    run(
        &python,
        Command::new(&python).arg("-m").arg("venv").arg(&venv),
    )
    .await?;
    let package = format!("uv=={INSTALLED}");
    run(
        &python,
        Command::new(venv.join("bin/python")).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary=:all:",
            &package,
        ]),
    )
    .await?;

    let made = aside.path().join("uv");
    std::fs::create_dir(&made)
        .and_then(|()| std::fs::rename(venv.join("bin/uv"), made.join("uv")))
        .map_err(EnvironmentError::io(
            &made,
            "cannot take uv out of its venv",
        ))?;
    cache.publish(&made, target.parent().unwrap_or_else(|| cache.root()))
}

async fn run(python: &Path, command: &mut Command) -> Result<(), EnvironmentError> {
    let wrong = |stderr| EnvironmentError::UvInstall {
        python: python.to_owned(),
        stderr,
    };
    let output = command
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| wrong(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    // `python -m venv` explains a missing ensurepip on stdout.
    Err(wrong(child::tail(&[output.stdout, output.stderr].concat())))
}

async fn find_python() -> Result<PathBuf, EnvironmentError> {
    const RECENT: &str = "import sys; sys.exit(sys.version_info < (3, 11))";
    for name in PYTHONS {
        let status = Command::new(name)
            .args(["-c", RECENT])
            .stdin(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .await;
        if status.is_ok_and(|status| status.success()) {
            return Ok(PathBuf::from(name));
        }
    }
    Err(EnvironmentError::NoPython {
        tried: PYTHONS.join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<Version>) {
        assert_eq!(Version::parse(text), expect, "{text:?}");
    }

    #[tokio::test]
    async fn it_is_installed_with_python_alone() {
        if std::env::var_os("DICE_TEST_UV").is_none() {
            eprintln!("skipped: DICE_TEST_UV is not set, and this test needs a package registry");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let path = cache.path(&["uv", INSTALLED, "uv"]);
        let (first, second) = tokio::join!(install(&cache, &path), install(&cache, &path));
        first.and(second).unwrap();
        assert_eq!(version_of(&path).await, Ok(Version(0, 13, 9)));
    }

    #[test]
    fn versions_are_read_and_compared() {
        check(
            "uv 0.13.9 (x86_64-unknown-linux-gnu)",
            Some(Version(0, 13, 9)),
        );
        check("uv 1.2.3-alpha.1", Some(Version(1, 2, 3)));
        check("uv", None);
        check("pip 24.0", None);
        check("uv zero", None);
        assert!(Version(0, 13, 9) > Version(0, 8, 22));
        assert!(Version(0, 7, 99) < OLDEST);
    }
}
