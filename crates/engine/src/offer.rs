//! What is on offer: packs found, described, and put into a catalog (RUNTIME C1).

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use dice_catalog::{Catalog, entries_from_description};
use dice_environments::{Environments, Pack, PackProfile, bundled_packs};
use dice_model::{DeviceType, FunctionId, FunctionSpec};
use dice_scheduler::Profile;

use crate::error::OpenError;

/// Where a function's code is.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) file: PathBuf,
    pub(crate) pack: Pack,
}

#[derive(Debug, Default)]
pub(crate) struct Offer {
    pub(crate) catalog: Catalog,
    pub(crate) sources: Arc<HashMap<FunctionId, Source>>,
    /// At the fleet's pace.
    pub(crate) profiles: HashMap<FunctionId, Profile>,
    /// As they were measured, or as the packs have them.
    pub(crate) real_profiles: HashMap<FunctionId, Profile>,
}

/// Describes each function of `packs`: bundled names or folders. Runs no model and no `__init__`.
pub(crate) async fn discover(
    environments: &Environments,
    packs: &[String],
    strict_effects: bool,
    figures: &KnownFigures,
) -> Result<Offer, OpenError> {
    let mut entries = Vec::new();
    let mut sources = HashMap::new();
    let mut profiles = HashMap::new();
    let mut real_profiles = HashMap::new();
    for name in packs {
        let pack = Pack::find(&folder(environments, name)?)?;
        if pack.functions.is_empty() {
            return Err(OpenError::EmptyPack {
                folder: pack.folder,
            });
        }
        let beside = pack.profile()?;
        for file in &pack.functions {
            let description = environments.describe(file).await?;
            for entry in entries_from_description(&description.json.to_string())? {
                let source = Source {
                    file: file.clone(),
                    pack: pack.clone(),
                };
                sources.insert(entry.spec.id.clone(), source);
                let (id, spec) = (&entry.spec.id, &entry.spec);
                real_profiles.insert(id.clone(), figures.real(spec, &beside));
                profiles.insert(id.clone(), figures.here(spec, &beside));
                entries.push(Arc::new(entry));
            }
        }
    }
    let mut catalog = Catalog::new(entries)?;
    if strict_effects {
        catalog = catalog.with_strict_effects()?;
    }
    Ok(Offer {
        catalog,
        sources: Arc::new(sources),
        profiles,
        real_profiles,
    })
}

/// What is known of functions besides their packs' profiles.
#[derive(Debug, Default)]
pub(crate) struct KnownFigures {
    /// Measured by `dice profile` and kept in the data folder.
    pub(crate) kept: PackProfile,
    /// Of a simulated fleet: the scheduler's time is real, and simulated functions hurry by this factor.
    pub(crate) time_scale: Option<f64>,
    /// Those that the fleet has; of others nothing need be known.
    pub(crate) devices: BTreeSet<DeviceType>,
}

impl KnownFigures {
    /// Measured here goes before what lies beside the function.
    fn real(&self, function: &FunctionSpec, beside: &PackProfile) -> Profile {
        let mut devices = self.kept.of(&function.id, function.version).devices;
        for device in beside.of(&function.id, function.version).devices {
            if devices.iter().all(|known| known.device != device.device) {
                devices.push(device);
            }
        }
        Profile { devices }
    }

    /// The same at the fleet's pace, of its devices.
    fn here(&self, function: &FunctionSpec, beside: &PackProfile) -> Profile {
        let id = &function.id;
        if self.kept.is_outdated(id, function.version) {
            tracing::warn!(function = %id, "measured in another version: dice profile {id} measures it again");
        }
        let mut profile = match self.time_scale {
            Some(scale) => self.real(function, &beside.clone().scaled(scale)),
            None => self.real(function, beside),
        };
        profile
            .devices
            .retain(|known| self.devices.contains(&known.device));
        profile
    }
}

/// A name is a bundled pack; anything with a separator, and any other folder, is a path.
fn folder(environments: &Environments, name: &str) -> Result<PathBuf, OpenError> {
    if let Some(folder) = environments.bundled_pack(name)? {
        return Ok(folder);
    }
    let path = PathBuf::from(name);
    if path.is_dir() {
        return Ok(path);
    }
    Err(OpenError::UnknownPack {
        name: name.to_owned(),
        known: bundled_packs(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use dice_model::{Digest, Effect, Origin, Resources};

    use super::*;

    fn profile(of: &str, milliseconds: u32) -> PackProfile {
        let text = format!(
            "[sources.s]\nlabel = \"measured\"\ntext = \"here\"\n[functions.glip.{of}]\n\
             load = {{ seconds = 1, source = \"s\" }}\n\
             batches = [{{ size = 1, seconds = 0.{milliseconds:03}, source = \"s\" }}]\n"
        );
        let folder = tempfile::tempdir().expect("made");
        let file = folder.path().join("profile.toml");
        std::fs::write(&file, text).expect("written");
        PackProfile::read(Path::new(&file)).expect("right")
    }

    fn glip() -> FunctionSpec {
        FunctionSpec {
            id: FunctionId::new("glip"),
            version: Digest::from_bytes([1; 32]),
            effect: Effect::Pure,
            state: None,
            idempotent: false,
            resources: Resources::default(),
            origin: Origin::Real,
        }
    }

    #[track_caller]
    fn check(kept: PackProfile, beside: PackProfile, scale: Option<f64>, expect: &[(&str, u128)]) {
        let figures = KnownFigures {
            kept,
            time_scale: scale,
            devices: ["cpu", "A4000"].map(DeviceType::from).into(),
        };
        let profile = figures.here(&glip(), &beside);
        let told = profile.devices.iter().map(|one| {
            let time = one.batch_time(1).expect("one size");
            (one.device.0.as_str(), time.as_millis())
        });
        assert_eq!(told.collect::<Vec<_>>(), expect);
    }

    #[test]
    fn what_was_measured_here_goes_before_what_lies_beside_the_function() {
        let none = PackProfile::default;
        check(none(), none(), None, &[]);
        check(none(), profile("cpu", 20), None, &[("cpu", 20)]);
        check(profile("cpu", 30), profile("cpu", 20), None, &[("cpu", 30)]);
        let both = [("A4000", 30), ("cpu", 20)];
        check(profile("A4000", 30), profile("cpu", 20), None, &both);
    }

    #[test]
    fn of_devices_that_the_fleet_has_not_nothing_is_told() {
        check(PackProfile::default(), profile("H200", 20), None, &[]);
    }

    #[test]
    fn only_what_is_simulated_hurries() {
        let both = [("A4000", 30), ("cpu", 10)];
        check(profile("A4000", 30), profile("cpu", 20), Some(0.5), &both);
    }
}
