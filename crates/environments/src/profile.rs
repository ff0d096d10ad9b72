//! Reads a pack's `profile.toml`: how long its functions take, per device type and batch size.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dice_model::{DeviceType, FunctionId};
use dice_scheduler::{DeviceProfile, Profile};
use serde::Deserialize;

/// The figures of a pack, per function.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PackProfile {
    functions: BTreeMap<FunctionId, Vec<Figures>>,
}

/// One device type's figures and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub profile: DeviceProfile,
    pub label: Label,
    /// For people: who measured it, when, on what; or what it was fitted to.
    pub source: String,
}

/// What kind of number it is: shown wherever it is.
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
        problem: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    functions: BTreeMap<String, BTreeMap<String, FileFigures>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFigures {
    label: Label,
    source: String,
    load_s: f64,
    /// `[batch size, seconds]`, ascending.
    batches_s: Vec<(u32, f64)>,
}

impl PackProfile {
    /// A file that is not there is an empty profile: latencies are then learnt as calls run.
    pub fn read(path: &Path) -> Result<Self, ProfileError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => {
                return Err(ProfileError::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(|source| ProfileError::Toml {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        let mut functions = BTreeMap::new();
        for (function, devices) in file.functions {
            let mut figures = Vec::new();
            for (device, read) in devices {
                let wrong = |problem| ProfileError::Figures {
                    path: path.to_owned(),
                    function: function.clone(),
                    device: device.clone(),
                    problem,
                };
                figures.push(read.check(&device).map_err(wrong)?);
            }
            functions.insert(FunctionId::new(function), figures);
        }
        Ok(Self { functions })
    }

    /// What the scheduler is told of a function; empty if the pack says nothing of it.
    pub fn of(&self, function: &FunctionId) -> Profile {
        let devices = self
            .figures(function)
            .iter()
            .map(|figures| figures.profile.clone())
            .collect();
        Profile { devices }
    }

    /// The same with labels and sources.
    pub fn figures(&self, function: &FunctionId) -> &[Figures] {
        self.functions.get(function).map_or(&[], Vec::as_slice)
    }

    /// All latencies times `factor`: for simulated functions under a `time_scale`.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        for figures in self.functions.values_mut().flatten() {
            let profile = &mut figures.profile;
            profile.load = profile.load.mul_f64(factor);
            for (_, latency) in &mut profile.batches {
                *latency = latency.mul_f64(factor);
            }
        }
        self
    }
}

impl FileFigures {
    fn check(self, device: &str) -> Result<Figures, &'static str> {
        let seconds = |value: f64| {
            Duration::try_from_secs_f64(value)
                .map_err(|_| "seconds must be finite and not negative")
        };
        let mut batches = Vec::new();
        for (size, latency) in self.batches_s {
            batches.push((size, seconds(latency)?));
        }
        if batches.first().is_none_or(|(size, _)| *size != 1) {
            return Err("batches_s must start with batch size 1");
        }
        if !batches.is_sorted_by(|a, b| a.0 < b.0) {
            return Err("batches_s must ascend by batch size");
        }
        Ok(Figures {
            profile: DeviceProfile {
                device: DeviceType::from(device),
                load: seconds(self.load_s)?,
                batches,
            },
            label: self.label,
            source: self.source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[functions.blip.A4000]
label = "fitted"
source = "somewhere"
load_s = 2.0
batches_s = [[1, 0.5], [16, 4.0]]
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

    #[track_caller]
    fn check(from: &str, to: &str, message: &str) {
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
            "[[1, 0.5], ",
            "[",
            "blip on A4000: batches_s must start with batch size 1",
        );
        check("[[1, 0.5], ", "[[1, 0.5], [1, 0.6], ", "must ascend");
        check("load_s = 2.0", "load_s = -2.0", "finite and not negative");
        check("\"fitted\"", "\"guessed\"", "unknown variant `guessed`");
        check("load_s = 2.0", "", "missing field `load_s`");
    }

    #[test]
    fn no_file_is_an_empty_profile() {
        let profile = PackProfile::read(Path::new("/nowhere/profile.toml")).unwrap();
        assert_eq!(profile, PackProfile::default());
    }
}
