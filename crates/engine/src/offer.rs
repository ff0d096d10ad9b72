//! What is on offer: packs found, described, and put into a catalog (RUNTIME C1).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use dice_catalog::{Catalog, entries_from_description};
use dice_environments::{Environments, Pack, bundled_packs};
use dice_model::FunctionId;
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
    /// As the packs have them.
    pub(crate) real_profiles: HashMap<FunctionId, Profile>,
}

/// Describes each function of `packs`: bundled names or folders. Runs no model and no `__init__`.
/// `time_scale`: of a simulated fleet.
pub(crate) async fn discover(
    environments: &Environments,
    packs: &[String],
    strict_effects: bool,
    time_scale: Option<f64>,
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
        let profile = pack.profile()?;
        real_profiles.extend(profile.clone().into_profiles());
        // The scheduler's time is real; simulated functions hurry by this factor.
        let profile = time_scale.map_or(profile.clone(), |scale| profile.scaled(scale));
        profiles.extend(profile.into_profiles());
        for file in &pack.functions {
            let description = environments.describe(file).await?;
            for entry in entries_from_description(&description.json.to_string())? {
                let source = Source {
                    file: file.clone(),
                    pack: pack.clone(),
                };
                sources.insert(entry.spec.id.clone(), source);
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
