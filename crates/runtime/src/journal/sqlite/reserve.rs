//! Room that is held back for the last records of an engine whose disk is full: what was used before it
//! ended is billed (RUNTIME M2).

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate};

/// Some sixty pages: the ends of the leases of dozens of devices.
const BYTES: u64 = 256 << 10;

#[derive(Debug)]
pub(super) struct Reserve(PathBuf);

impl Reserve {
    /// Beside the journal. Where there is no room, there is none held back.
    pub(super) fn beside(journal: &Path) -> Self {
        let path = journal.with_extension("reserve");
        let held = File::create(&path)
            .and_then(|file| Ok(fallocate(&file, FallocateFlags::empty(), 0, BYTES)?));
        if held.is_err() {
            let _ = std::fs::remove_file(&path);
        }
        Self(path)
    }

    /// Says whether there is more room now.
    pub(super) fn give_up(&self) -> bool {
        std::fs::remove_file(&self.0).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn it_takes_room_until_it_is_given_up() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journal = folder.path().join("journal.sqlite");
        let reserve = Reserve::beside(&journal);
        let held = std::fs::metadata(folder.path().join("journal.reserve")).expect("it is there");
        assert!(held.blocks() * 512 >= BYTES, "{} blocks", held.blocks());
        assert!(reserve.give_up());
        assert!(!reserve.give_up(), "once");
    }
}
