//! A pack: a folder of function files, with what lies beside them.

use std::path::{Path, PathBuf};

use crate::describe::python_files;
use crate::profile::PackProfile;
use crate::{EnvironmentError, ProfileError};

/// A folder of function files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Absolute.
    pub folder: PathBuf,
    /// The files that define a function, sorted by name.
    pub functions: Vec<PathBuf>,
    /// `setup.py`, if there: run once per version before a worker starts, see
    /// [`crate::Environments::prepare`].
    pub setup: Option<PathBuf>,
}

impl Pack {
    /// Lists a folder; runs nothing. Files that start with `_` are helpers of the others.
    pub fn find(folder: &Path) -> Result<Self, EnvironmentError> {
        let folder = folder
            .canonicalize()
            .map_err(EnvironmentError::io(folder, "cannot find the pack"))?;
        let mut functions = Vec::new();
        let mut setup = None;
        for file in python_files(&folder)? {
            match file.file_name().and_then(|name| name.to_str()) {
                Some("setup.py") => setup = Some(file),
                Some(name) if name.starts_with('_') => {}
                _ if defines_a_function(&file)? => functions.push(file),
                _ => {}
            }
        }
        Ok(Self {
            folder,
            functions,
            setup,
        })
    }

    /// The figures of `profile.toml`; empty if there is none.
    pub fn profile(&self) -> Result<PackProfile, ProfileError> {
        PackProfile::read(&self.folder.join("profile.toml"))
    }
}

/// A line that starts with the decorator: a file that only mentions it in a comment is none.
fn defines_a_function(file: &Path) -> Result<bool, EnvironmentError> {
    let source =
        std::fs::read_to_string(file).map_err(EnvironmentError::io(file, "cannot read"))?;
    Ok(source.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("@hermod.function") || line.starts_with("@function(")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_and_other_files_are_no_functions() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            (
                "ocr.py",
                "import hermod\n@hermod.function(effect=\"pure\")\ndef ocr(): ...\n",
            ),
            (
                "area.py",
                "from hermod import function\n@function(effect=\"pure\")\ndef area(): ...\n",
            ),
            (
                "_colour.py",
                "@hermod.function(effect=\"pure\")\ndef hidden(): ...\n",
            ),
            ("setup.py", "print('models')\n"),
            ("notes.py", "# says @hermod.function only\n"),
            ("profile.toml", ""),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let pack = Pack::find(folder.path()).unwrap();
        let names: Vec<_> = pack
            .functions
            .iter()
            .map(|file| file.file_name().unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["area.py", "ocr.py"]);
        assert!(pack.setup.is_some());
    }

    #[test]
    fn a_pack_that_is_not_there_is_an_error_that_names_it() {
        let error = Pack::find(Path::new("/nowhere/pack")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/pack"), "{error}");
    }
}
