//! The SDK (`python/`), embedded in the binary and unpacked into the cache under its digest.

use std::path::{Path, PathBuf};

use dice_model::Digest;
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::EnvironmentError;
use crate::cache::Cache;
use crate::header::Header;

/// Python writes `__pycache__` beside sources; the patterns keep that out of the binary.
#[derive(RustEmbed)]
#[folder = "../../python/"]
#[include = "pyproject.toml"]
#[include = "src/hermod/**/*.py"]
#[include = "src/hermod/*.py"]
#[include = "src/hermod/py.typed"]
struct Embedded;

/// The unpacked SDK: a folder for `PYTHONPATH`, and what it needs.
#[derive(Debug, Clone)]
pub struct Sdk {
    path: PathBuf,
    digest: Digest,
    needs: Header,
}

#[derive(Deserialize)]
struct PyProject {
    project: Header,
}

impl Sdk {
    pub(crate) fn unpack(cache: &Cache) -> Result<Self, EnvironmentError> {
        let digest = digest_of_embedded();
        let path = cache.path(&["sdk", &digest.short()]);
        if !path.is_dir() {
            let aside = cache.aside()?;
            write_embedded(aside.path())?;
            cache.publish(aside.path(), &path)?;
        }
        Ok(Self {
            path,
            digest,
            needs: needs()?,
        })
    }

    /// For `PYTHONPATH`: the folder that holds the package `hermod`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Pillow's `major.minor`, which the sandbox, clients and workers share (RUNTIME V2).
    pub fn pillow(&self) -> Option<String> {
        let pins = self.needs.dependencies.iter();
        let pin = pins.filter_map(|pin| pin.strip_prefix("Pillow==")).next()?;
        Some(pin.trim_end_matches(".*").to_owned())
    }

    /// What the SDK asks of an environment: `requires-python` and `dependencies` of its pyproject.
    pub const fn needs(&self) -> &Header {
        &self.needs
    }
}

fn files() -> impl Iterator<Item = (String, std::borrow::Cow<'static, [u8]>)> {
    let mut names: Vec<_> = Embedded::iter().collect();
    names.sort();
    names.into_iter().filter_map(|name| {
        let file = Embedded::get(&name)?;
        Some((name.into_owned(), file.data))
    })
}

fn digest_of_embedded() -> Digest {
    let list: String = files()
        .map(|(name, bytes)| format!("{name} {}\n", Digest::of(&bytes)))
        .collect();
    Digest::of(list.as_bytes())
}

fn write_embedded(folder: &Path) -> Result<(), EnvironmentError> {
    for (name, bytes) in files() {
        let Some(inside) = name.strip_prefix("src/") else {
            continue;
        };
        let target = folder.join(inside);
        let parent = target.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&target, bytes))
            .map_err(EnvironmentError::io(&target, "cannot unpack the SDK"))?;
    }
    Ok(())
}

fn needs() -> Result<Header, EnvironmentError> {
    let damaged = |detail: String| EnvironmentError::Sdk { detail };
    let file = Embedded::get("pyproject.toml")
        .ok_or_else(|| damaged("pyproject.toml is missing".to_owned()))?;
    let text = std::str::from_utf8(&file.data).map_err(|error| damaged(error.to_string()))?;
    let pyproject: PyProject =
        toml::from_str(text).map_err(|error| damaged(format!("pyproject.toml: {error}")))?;
    Ok(Header {
        tool: toml::Table::new(),
        ..pyproject.project
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_unpacks_once_and_holds_no_compiled_files() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let sdk = Sdk::unpack(&cache).unwrap();
        assert!(sdk.path().join("hermod/__init__.py").is_file());
        assert!(files().all(|(name, _)| !name.contains("__pycache__")));

        let marker = sdk.path().join("marker");
        std::fs::write(&marker, "").unwrap();
        assert_eq!(Sdk::unpack(&cache).unwrap().path(), sdk.path());
        assert!(marker.exists(), "a second start unpacks nothing");
    }

    #[test]
    fn its_needs_are_pinned() {
        let needs = needs().unwrap();
        let names: Vec<&str> = needs.dependencies.iter().map(String::as_str).collect();
        for package in ["pydantic", "msgpack", "pillow"] {
            let found = names
                .iter()
                .find(|need| need.to_ascii_lowercase().starts_with(package))
                .unwrap_or_else(|| panic!("{package} is not among {names:?}"));
            assert!(found.contains(['=', '<', '~']), "{found} has no bound");
        }
        assert!(needs.requires_python.is_some());
        let folder = tempfile::tempdir().unwrap();
        let sdk = Sdk::unpack(&Cache::open(folder.path()).unwrap()).unwrap();
        assert_eq!(
            sdk.pillow().map(|minor| minor.matches('.').count()),
            Some(1)
        );
    }
}
