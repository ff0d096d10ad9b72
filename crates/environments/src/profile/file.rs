//! The form of `profile.toml`, and what makes its figures wrong. For people: `docs/functions.md`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use dice_model::{DeviceType, Digest};
use dice_scheduler::DeviceProfile;
use serde::Deserialize;

use super::{Known, ProfileError, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) sources: BTreeMap<String, Source>,
    #[serde(default)]
    pub(super) functions: BTreeMap<String, BTreeMap<String, Figures>>,
}

/// Of one function on one device type. Each figure names its source.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The function's, when it was measured: figures of another one are not used.
    pub version: Option<Digest>,
    pub load: Load,
    pub memory: Option<Memory>,
    /// Ascending by size, from 1 on.
    pub batches: Vec<Batch>,
}

/// From the start of the process until the function is ready.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// A median, where it was measured.
    pub seconds: f64,
    /// A tenth of the runs took less.
    pub low: Option<f64>,
    /// A tenth of the runs took more.
    pub high: Option<f64>,
    pub runs: Option<u32>,
    pub source: String,
}

/// Held at most, whatever batch runs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    pub bytes: u64,
    pub source: String,
}

/// From the grant of a whole batch to its last result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    pub size: u32,
    /// A median, where it was measured.
    pub seconds: f64,
    /// A tenth of the runs took less.
    pub low: Option<f64>,
    /// A tenth of the runs took more.
    pub high: Option<f64>,
    pub runs: Option<u32>,
    pub source: String,
}

impl File {
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, ProfileError> {
        toml::from_str(text).map_err(|source| ProfileError::Toml {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }
}

impl Figures {
    pub(super) fn check(
        self,
        device: &str,
        sources: &BTreeMap<String, Source>,
    ) -> Result<Known, String> {
        let unknown = self.sources().find(|source| !sources.contains_key(*source));
        if let Some(unknown) = unknown {
            return Err(format!("there is no source {unknown:?} under [sources]"));
        }
        if self.batches.first().is_none_or(|batch| batch.size != 1) {
            return Err("batches must start with size 1".to_owned());
        }
        if !self.batches.is_sorted_by(|a, b| a.size < b.size) {
            return Err("batches must ascend by size".to_owned());
        }
        let batches = self.batches.iter();
        let profile = DeviceProfile {
            device: DeviceType::from(device),
            load: duration(self.load.seconds)?,
            batches: batches
                .map(|batch| Ok((batch.size, duration(batch.seconds)?)))
                .collect::<Result<_, String>>()?,
            memory_bytes: self.memory.as_ref().map(|memory| memory.bytes),
        };
        Ok(Known {
            profile,
            version: self.version,
        })
    }

    fn sources(&self) -> impl Iterator<Item = &String> {
        let of_batches = self.batches.iter().map(|batch| &batch.source);
        let of_memory = self.memory.iter().map(|memory| &memory.source);
        of_batches.chain(of_memory).chain([&self.load.source])
    }
}

fn duration(seconds: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| format!("{seconds} seconds: must be finite and not negative"))
}
