//! A data folder in one file, and back: a tar of the journal, the secret and the blobs.
//!
//! The journal is copied first. Blobs are only ever added while tasks need them, so the copy has every
//! blob that its journal names, even if an engine runs meanwhile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use dice_model::Digest;
use rusqlite::{Connection, OpenFlags};

use super::UpkeepError;
use crate::JournalError;
use crate::data_folder::DataFolder;

const JOURNAL: &str = "journal.sqlite";
const SECRET: &str = "secret";

/// Of a folder whose journal is in it. The file is there whole or not at all, and its user's alone.
pub fn back_up(data: &Path, file: &Path) -> Result<(), UpkeepError> {
    let partial = beside(file, ".partial");
    let copy = beside(file, ".journal");
    let written = copy_journal(&data.join(JOURNAL), &copy)
        .and_then(|()| pack(data, &copy, &partial).map_err(at(&partial)))
        .and_then(|()| fs::rename(&partial, file).map_err(at(file)));
    for left_over in [&copy, &partial] {
        // Gone already, where all went well.
        let _ = fs::remove_file(left_over);
    }
    written
}

/// A consistent copy, whatever is written meanwhile.
fn copy_journal(journal: &Path, copy: &Path) -> Result<(), UpkeepError> {
    let _ = fs::remove_file(copy);
    private().open(copy).map_err(at(copy))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copied = Connection::open_with_flags(journal, flags)
        .and_then(|connection| connection.execute("VACUUM INTO ?", [copy.display().to_string()]));
    copied.map_err(JournalError::from)?;
    Ok(())
}

fn pack(data: &Path, journal: &Path, file: &Path) -> io::Result<()> {
    let mut archive = tar::Builder::new(private().truncate(true).open(file)?);
    archive.mode(tar::HeaderMode::Deterministic);
    archive.append_path_with_name(journal, JOURNAL)?;
    if data.join(SECRET).exists() {
        archive.append_path_with_name(data.join(SECRET), SECRET)?;
    }
    for folder in sorted(&data.join("blobs"))? {
        if folder.file_name().is_some_and(|name| name.len() == 2) {
            for blob in sorted(&folder)? {
                let name = blob.strip_prefix(data).expect("it is below");
                archive.append_path_with_name(&blob, name)?;
            }
        }
    }
    archive.into_inner()?.sync_all()
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Into a folder without a journal and without an engine. Each blob is checked against its name; the
/// journal comes last, so that what is not whole is never taken for a data folder.
pub fn restore(data: &Path, file: &Path) -> Result<(), UpkeepError> {
    let folder = DataFolder::open(data)?;
    if folder.journal().exists() {
        return Err(UpkeepError::NotEmpty(data.to_owned()));
    }
    let archive = File::open(file).map_err(at(file))?;
    let aside = data.join("journal.restoring");
    let unpacked = unpack(archive, data, &aside).map_err(|problem| UpkeepError::NotABackup {
        file: file.to_owned(),
        problem: problem.to_string(),
    });
    if let Err(error) = unpacked {
        let _ = fs::remove_file(aside);
        return Err(error);
    }
    fs::rename(&aside, folder.journal()).map_err(at(&aside))
}

fn unpack(archive: File, data: &Path, journal: &Path) -> io::Result<()> {
    let mut archive = tar::Archive::new(archive);
    let mut has_journal = false;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        match name.as_str() {
            JOURNAL => {
                io::copy(&mut entry, &mut private().truncate(true).open(journal)?)?;
                has_journal = true;
            }
            SECRET => {
                let mut secret = private().truncate(true).open(data.join(SECRET))?;
                io::copy(&mut entry, &mut secret)?;
            }
            name => unpack_blob(data, name, &mut entry)?,
        }
    }
    if has_journal {
        return Ok(());
    }
    Err(io::Error::other("it has no journal"))
}

/// `name`: `blobs/ab/cdef…`, and nothing else.
fn unpack_blob(data: &Path, name: &str, bytes: &mut impl Read) -> io::Result<()> {
    let mut content = Vec::new();
    bytes.read_to_end(&mut content)?;
    let hex = Digest::of(&content).hex();
    if name != format!("blobs/{}/{}", &hex[..2], &hex[2..]) {
        return Err(io::Error::other(format!(
            "{name} does not hold what its name says"
        )));
    }
    fs::create_dir_all(data.join("blobs").join(&hex[..2]))?;
    fs::write(data.join(name), content)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Photos and texts of people are in it (D1).
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> UpkeepError + use<> {
    let path = path.to_owned();
    |source| UpkeepError::Io { path, source }
}
