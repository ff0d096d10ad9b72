//! Reads `profile.toml`: how long functions take and what they hold, per device type and batch size.
//! One lies beside the functions of a pack; `dice profile` keeps another in the data folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dice_model::{Digest, FunctionId};
use dice_scheduler::{DeviceProfile, Profile};
use serde::{Deserialize, Serialize};

mod file;
mod kept;

pub use file::{Batch, Figures, Load, Memory};
pub use kept::Finding;

/// The figures of a file, per function, and where they come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PackProfile {
    functions: BTreeMap<FunctionId, Vec<Known>>,
    sources: Vec<Source>,
}

/// On one device type.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    profile: DeviceProfile,
    /// Of the function that was measured; `None`: of whichever is beside the file.
    version: Option<Digest>,
}

/// Where some figures come from: shown wherever they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub label: Label,
    /// For people: who measured it, when, on what; or what it was fitted to.
    pub text: String,
}

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    #[error("{}: cannot write", path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
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
        let file = file::File::parse(text, path)?;
        let mut functions = BTreeMap::new();
        for (function, by_device) in file.functions {
            let mut devices = Vec::new();
            for (device, figures) in by_device {
                let known = figures.check(&device, &file.sources);
                devices.push(known.map_err(|problem| ProfileError::Figures {
                    path: path.to_owned(),
                    function: function.clone(),
                    device,
                    problem,
                })?);
            }
            functions.insert(FunctionId::new(function), devices);
        }
        Ok(Self {
            functions,
            sources: file.sources.into_values().collect(),
        })
    }

    /// What the scheduler is told of a function; empty if nothing is said of this version of it.
    pub fn of(&self, function: &FunctionId, version: Digest) -> Profile {
        let known = self.functions.get(function).into_iter().flatten();
        let devices = known.filter(|known| known.version.is_none_or(|of| of == version));
        Profile {
            devices: devices.map(|known| known.profile.clone()).collect(),
        }
    }

    /// Does it have figures of another version, and none of this one?
    pub fn is_outdated(&self, function: &FunctionId, version: Digest) -> bool {
        self.functions.contains_key(function) && self.of(function, version).devices.is_empty()
    }

    /// Where the pack's figures come from; none for a pack without a profile.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// All latencies times `factor`: for simulated functions under a `time_scale`.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        for known in self.functions.values_mut().flatten() {
            let device = &mut known.profile;
            device.load = device.load.mul_f64(factor);
            for (_, latency) in &mut device.batches {
                *latency = latency.mul_f64(factor);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const TEXT: &str = r#"
[sources.fit]
label = "fitted"
text = "the published tables"

[functions.blip.A4000]
load = { seconds = 2.0, source = "fit" }
memory = { bytes = 3221225472, source = "fit" }
batches = [{ size = 1, seconds = 0.5, source = "fit" }, { size = 16, seconds = 4.0, source = "fit" }]
"#;

    fn parse(text: &str) -> Result<PackProfile, ProfileError> {
        PackProfile::parse(text, Path::new("profile.toml"))
    }

    fn version(number: u8) -> Digest {
        Digest::from_bytes([number; 32])
    }

    #[test]
    fn figures_become_a_profile_and_scale() {
        let blip = FunctionId::new("blip");
        let profile = parse(TEXT).unwrap().scaled(0.5).of(&blip, version(1));
        assert_eq!(
            profile.devices,
            [DeviceProfile {
                device: "A4000".into(),
                load: Duration::from_secs(1),
                batches: vec![
                    (1, Duration::from_millis(250)),
                    (16, Duration::from_secs(2))
                ],
                memory_bytes: Some(3 << 30),
            }]
        );
        let unknown = parse(TEXT)
            .unwrap()
            .of(&FunctionId::new("glip"), version(1));
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
    fn figures_of_another_version_are_not_used() {
        let of_one = TEXT.replace(
            "[functions.blip.A4000]",
            &format!("[functions.blip.A4000]\nversion = \"{}\"", version(1)),
        );
        let (profile, blip) = (parse(&of_one).unwrap(), FunctionId::new("blip"));
        assert_eq!(profile.of(&blip, version(1)).devices.len(), 1);
        assert_eq!(profile.of(&blip, version(2)), Profile::default());
        assert!(profile.is_outdated(&blip, version(2)) && !profile.is_outdated(&blip, version(1)));
        assert!(!profile.is_outdated(&FunctionId::new("glip"), version(1)));
    }

    #[test]
    fn no_file_is_an_empty_profile() {
        let profile = PackProfile::read(Path::new("/nowhere/profile.toml")).unwrap();
        assert_eq!(profile, PackProfile::default());
    }
}
