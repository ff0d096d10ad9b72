//! The cache folder. What is published in it is whole: made aside, then renamed into place, so that
//! processes that do the same at once cannot harm each other.

use std::fs;
use std::path::{Path, PathBuf};

use crate::EnvironmentError;

/// The cache folder of `dice`; everything in it can be deleted at any time and made again.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    pub(crate) fn open(root: &Path) -> Result<Self, EnvironmentError> {
        fs::create_dir_all(root)
            .map_err(EnvironmentError::io(root, "cannot make the cache folder"))?;
        let root = root
            .canonicalize()
            .map_err(EnvironmentError::io(root, "cannot find the cache folder"))?;
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, parts: &[&str]) -> PathBuf {
        parts
            .iter()
            .fold(self.root.clone(), |path, part| path.join(part))
    }

    /// A folder aside, on the same file system, gone again if it is not published.
    pub(crate) fn aside(&self) -> Result<tempfile::TempDir, EnvironmentError> {
        tempfile::Builder::new()
            .prefix(".making-")
            .tempdir_in(&self.root)
            .map_err(EnvironmentError::io(&self.root, "cannot make a folder"))
    }

    /// Waits until nobody else, in this process or another, holds this lock; held until dropped.
    /// For steps that are safe to do twice, but slow.
    pub(crate) async fn lock(&self, name: &str) -> Result<fs::File, EnvironmentError> {
        let path = self.path(&["locks", name]);
        make_parent(&path)?;
        let file = fs::File::create(&path).map_err(EnvironmentError::io(&path, "cannot make"))?;
        let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file));
        locked
            .await
            .expect("locking a file does not panic, and the runtime outlives this")
            .map_err(EnvironmentError::io(&path, "cannot lock"))
    }

    /// Renames a folder made aside to `target`. If another process was first, its folder stays.
    pub(crate) fn publish(&self, made: &Path, target: &Path) -> Result<(), EnvironmentError> {
        make_parent(target)?;
        match fs::rename(made, target) {
            Ok(()) => Ok(()),
            Err(_) if target.is_dir() => Ok(()),
            Err(error) => Err(EnvironmentError::io(target, "cannot put into place")(error)),
        }
    }

    /// Writes a file so that readers see all of it or the file before it.
    pub(crate) fn write(&self, target: &Path, bytes: &[u8]) -> Result<(), EnvironmentError> {
        use std::io::Write as _;
        make_parent(target)?;
        let wrong = EnvironmentError::io(target, "cannot write");
        let folder = target.parent().unwrap_or(&self.root);
        tempfile::NamedTempFile::new_in(folder)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.persist(target).map_err(|error| error.error)
            })
            .map(drop)
            .map_err(wrong)
    }
}

fn make_parent(target: &Path) -> Result<(), EnvironmentError> {
    match target.parent() {
        Some(parent) => fs::create_dir_all(parent)
            .map_err(EnvironmentError::io(parent, "cannot make the folder")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_to_publish_wins_and_the_second_is_content() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let target = cache.path(&["uv", "1"]);
        for text in ["first", "second"] {
            let aside = cache.aside().unwrap();
            fs::write(aside.path().join("file"), text).unwrap();
            cache.publish(aside.path(), &target).unwrap();
        }
        assert_eq!(fs::read_to_string(target.join("file")).unwrap(), "first");
        let left: Vec<_> = fs::read_dir(cache.root()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing made aside stays behind");
    }

    #[test]
    fn a_written_file_replaces_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let target = cache.path(&["descriptions", "a.json"]);
        cache.write(&target, b"old").unwrap();
        cache.write(&target, b"new").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }
}
