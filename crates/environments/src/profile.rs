//! Reads a pack's `profile.toml`: how long its functions take, per device type and batch size.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dice_model::{DeviceType, FunctionId};
use dice_scheduler::{DeviceProfile, Profile};
use serde::Deserialize;

/// The figures of a pack, per function, and where they come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PackProfile {
    functions: BTreeMap<FunctionId, Profile>,
    sources: Vec<Source>,
}

/// Where some figures come from: shown wherever they are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub label: Label,
    /// For people: who measured it, when, on what; or what it was fitted to.
    pub text: String,
}

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    Measured,
    /// Comes out of a fit to published figures.
    Fitted,
    /// Chosen where nothing is published.
    Given,
}

#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("{}: cannot read", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: not a profile", path.display())]
    Toml {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error("{}: {function} on {device}: {problem}", path.display())]
    Figures {
        path: PathBuf,
        function: String,
        device: String,
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sources: BTreeMap<String, Source>,
    functions: BTreeMap<String, BTreeMap<String, FileFigures>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFigures {
    load: FileLoad,
    /// Ascending by size.
    batches: Vec<FileBatch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLoad {
    seconds: f64,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBatch {
    size: u32,
    seconds: f64,
    source: String,
}

impl PackProfile {
    /// A file that is not there is an empty profile: latencies are then learnt as calls run.
    pub fn read(path: &Path) -> Result<Self, ProfileError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ProfileError::Read {
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn parse(text: &str, path: &Path) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(|source| ProfileError::Toml {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        let mut functions = BTreeMap::new();
        for (function, by_device) in file.functions {
            let mut devices = Vec::new();
            for (device, figures) in by_device {
                let profile = figures.check(&device, &file.sources);
                devices.push(profile.map_err(|problem| ProfileError::Figures {
                    path: path.to_owned(),
                    function: function.clone(),
                    device,
                    problem,
                })?);
            }
            functions.insert(FunctionId::new(function), Profile { devices });
        }
        Ok(Self {
            functions,
            sources: file.sources.into_values().collect(),
        })
    }

    /// What the scheduler is told of a function; empty if the pack says nothing of it.
    pub fn of(&self, function: &FunctionId) -> Profile {
        self.functions.get(function).cloned().unwrap_or_default()
    }

    /// All of them, for a scheduler.
    pub fn into_profiles(self) -> impl Iterator<Item = (FunctionId, Profile)> {
        self.functions.into_iter()
    }

    /// Where the pack's figures come from; none for a pack without a profile.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// All latencies times `factor`: for simulated functions under a `time_scale`.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        let profiles = self.functions.values_mut();
        for device in profiles.flat_map(|profile| &mut profile.devices) {
            device.load = device.load.mul_f64(factor);
            for (_, latency) in &mut device.batches {
                *latency = latency.mul_f64(factor);
            }
        }
        self
    }
}

impl FileFigures {
    fn check(
        self,
        device: &str,
        sources: &BTreeMap<String, Source>,
    ) -> Result<DeviceProfile, String> {
        let of_batches = self.batches.iter().map(|batch| &batch.source);
        let mut named = of_batches.chain([&self.load.source]);
        if let Some(unknown) = named.find(|source| !sources.contains_key(*source)) {
            return Err(format!("there is no source {unknown:?} under [sources]"));
        }
        if self.batches.first().is_none_or(|batch| batch.size != 1) {
            return Err("batches must start with size 1".to_owned());
        }
        if !self.batches.is_sorted_by(|a, b| a.size < b.size) {
            return Err("batches must ascend by size".to_owned());
        }
        let batches = self.batches.iter();
        Ok(DeviceProfile {
            device: DeviceType::from(device),
            load: duration(self.load.seconds)?,
            batches: batches
                .map(|batch| Ok((batch.size, duration(batch.seconds)?)))
                .collect::<Result<_, String>>()?,
        })
    }
}

fn duration(seconds: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| format!("{seconds} seconds: must be finite and not negative"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[sources.fit]
label = "fitted"
text = "the published tables"

[functions.blip.A4000]
load = { seconds = 2.0, source = "fit" }
batches = [{ size = 1, seconds = 0.5, source = "fit" }, { size = 16, seconds = 4.0, source = "fit" }]
"#;

    fn parse(text: &str) -> Result<PackProfile, ProfileError> {
        PackProfile::parse(text, Path::new("profile.toml"))
    }

    #[test]
    fn figures_become_a_profile_and_scale() {
        let blip = FunctionId::new("blip");
        let profile = parse(TEXT).unwrap().scaled(0.5).of(&blip);
        assert_eq!(
            profile.devices,
            [DeviceProfile {
                device: "A4000".into(),
                load: Duration::from_secs(1),
                batches: vec![
                    (1, Duration::from_millis(250)),
                    (16, Duration::from_secs(2))
                ],
            }]
        );
        let unknown = parse(TEXT).unwrap().of(&FunctionId::new("glip"));
        assert_eq!(unknown, Profile::default());
    }

    #[test]
    fn every_figure_has_a_source() {
        let profile = parse(TEXT).unwrap();
        assert_eq!(profile.sources()[0].label, Label::Fitted);
    }

    #[track_caller]
    fn check(from: &str, to: &str, message: &str) {
        assert!(TEXT.contains(from));
        let error = parse(&TEXT.replace(from, to)).unwrap_err();
        let text = match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        assert!(text.contains(message), "{text}");
    }

    #[test]
    fn wrong_figures_are_errors_that_say_where() {
        check(
            "size = 1,",
            "size = 2,",
            "blip on A4000: batches must start with size 1",
        );
        check("size = 16", "size = 1", "batches must ascend");
        check("seconds = 2.0", "seconds = -2.0", "finite and not negative");
        check("\"fitted\"", "\"guessed\"", "unknown variant `guessed`");
        check("[sources.fit]", "[sources.other]", "no source \"fit\"");
        check("seconds = 0.5, ", "", "missing field `seconds`");
    }

    #[test]
    fn no_file_is_an_empty_profile() {
        let profile = PackProfile::read(Path::new("/nowhere/profile.toml")).unwrap();
        assert_eq!(profile, PackProfile::default());
    }
}
