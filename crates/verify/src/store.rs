//! Certificates that are kept, so that `dice run --require-verified` finds them.

use std::io;
use std::path::{Path, PathBuf};

use dice_model::Digest;

use crate::certificate::{Certificate, Verdict};

/// The certificates of a data folder.
#[derive(Debug, Clone)]
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    pub fn of_data_folder(data: &Path) -> Self {
        Self {
            folder: data.join("certificates"),
        }
    }

    /// Replaces what is known of this pair and catalog.
    pub fn keep(&self, certificate: &Certificate) -> io::Result<()> {
        let distributed = certificate.distributed.hex();
        let others = format!(
            "{}-{}.json",
            certificate.catalog.hex(),
            certificate.serial.hex()
        );
        let folder = self.folder.join(distributed);
        std::fs::create_dir_all(&folder)?;
        let aside = tempfile::NamedTempFile::new_in(&folder)?;
        serde_json::to_writer_pretty(&aside, certificate)?;
        aside.persist(folder.join(others))?;
        Ok(())
    }

    /// Is there a serial program that this one is equal to, under this catalog?
    pub fn attest(&self, distributed: &Digest, catalog: &Digest) -> io::Result<bool> {
        let entries = match std::fs::read_dir(self.folder.join(distributed.hex())) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        for entry in entries {
            // What cannot be read attests nothing: an older version's, say.
            let text = std::fs::read(entry?.path())?;
            if let Ok(certificate) = serde_json::from_slice::<Certificate>(&text)
                && certificate.verdict == Verdict::Equal
                && certificate.distributed == *distributed
                && certificate.catalog == *catalog
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(verdict: Verdict, serial: &str) -> Certificate {
        Certificate {
            tool: "dice".to_owned(),
            verdict,
            serial: Digest::of(serial.as_bytes()),
            distributed: Digest::of(b"distributed"),
            catalog: Digest::of(b"catalog"),
            obligations: vec![],
            runs: 1,
            skipped: 0,
            seed: 0,
            counterexample: None,
        }
    }

    #[test]
    fn only_equal_pairs_are_attested() {
        let data = tempfile::tempdir().expect("a folder");
        let kept = Certificates::of_data_folder(data.path());
        let (program, catalog) = (Digest::of(b"distributed"), Digest::of(b"catalog"));
        let attested = || kept.attest(&program, &catalog).expect("readable");
        assert!(!attested(), "nothing is kept yet");
        let with_failures = certificate(Verdict::EqualWhenNoCallFails, "a");
        kept.keep(&with_failures).expect("kept");
        assert!(!attested());
        kept.keep(&certificate(Verdict::Equal, "b")).expect("kept");
        assert!(attested());
        let other = Digest::of(b"other");
        assert!(!kept.attest(&other, &catalog).expect("readable"));
        assert!(!kept.attest(&program, &other).expect("readable"));
        kept.keep(&certificate(Verdict::Different, "b"))
            .expect("kept");
        assert!(!attested(), "the last word counts");
    }
}
