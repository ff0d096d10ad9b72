//! A program's output: journalled by offset; a replay's is compared with what is there, and only
//! what is new is kept (RUNTIME J5).

use bytes::Bytes;

/// One stream of output.
#[derive(Debug)]
pub(super) struct Output {
    before: Bytes,
    written: usize,
}

/// It prints otherwise than before, from this offset on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Differs {
    pub(super) at: usize,
}

impl Output {
    pub(super) fn after(before: Vec<u8>) -> Self {
        Self {
            before: before.into(),
            written: 0,
        }
    }

    /// What of `bytes` is new, and where it begins in the whole stream.
    pub(super) fn write(&mut self, bytes: Bytes) -> Result<Option<(u64, Bytes)>, Differs> {
        let expected = self.before.get(self.written..).unwrap_or_default();
        let known = expected.len().min(bytes.len());
        let mut pairs = expected.iter().zip(&bytes);
        if let Some(different) = pairs.position(|(old, new)| old != new) {
            let at = self.written + different;
            return Err(Differs { at });
        }
        let offset = self.written + known;
        self.written += bytes.len();
        let new = bytes.slice(known..);
        Ok((!new.is_empty()).then_some((offset as u64, new)))
    }

    /// The program has ended; what it printed before must all have come again.
    pub(super) fn end(&self) -> Result<(), Differs> {
        if self.written < self.before.len() {
            return Err(Differs { at: self.written });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, pieces: &[&str], new: Result<&str, usize>) {
        let mut output = Output::after(before.into());
        let mut kept = before.to_owned();
        let written: Result<(), Differs> = pieces.iter().try_for_each(|piece| {
            let bytes = Bytes::copy_from_slice(piece.as_bytes());
            if let Some((offset, bytes)) = output.write(bytes)? {
                assert_eq!(offset, kept.len() as u64);
                kept += std::str::from_utf8(&bytes).expect("text");
            }
            Ok(())
        });
        let ended = written.and_then(|()| output.end());
        assert_eq!(
            ended.map(|()| &kept[before.len()..]),
            new.map_err(|at| Differs { at })
        );
    }

    /// RUNTIME J5.
    #[test]
    fn a_replay_prints_the_same_and_only_what_is_new_is_kept() {
        check("", &["a", "b"], Ok("ab"));
        check("ab", &["a", "b"], Ok(""));
        check("ab", &["a", "bc", "d"], Ok("cd"));
        check("ab", &["abc"], Ok("c"));
        check("ab", &["ax"], Err(1));
        check("ab", &["a"], Err(1));
    }
}
