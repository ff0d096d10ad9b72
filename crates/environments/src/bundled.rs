//! The packs that come with `dice`, unpacked into the cache when one of them is asked for.

use std::path::PathBuf;

use dice_model::Digest;
use rust_embed::RustEmbed;

use crate::{EnvironmentError, Environments};

#[derive(RustEmbed)]
#[folder = "../../functions/"]
#[include = "*/*.py"]
#[include = "*/*.toml"]
#[exclude = "tests/*"]
#[exclude = "tests_torch/*"]
struct Embedded;

/// The names of the bundled packs.
pub fn bundled_packs() -> Vec<String> {
    let mut names: Vec<String> = Embedded::iter()
        .filter_map(|path| path.split_once('/').map(|(pack, _)| pack.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    names
}

impl Environments {
    /// The folder of a bundled pack; `None` if there is none of this name.
    pub fn bundled_pack(&self, name: &str) -> Result<Option<PathBuf>, EnvironmentError> {
        let files = files_of(name);
        if files.is_empty() {
            return Ok(None);
        }
        let list: String = files
            .iter()
            .map(|(path, bytes)| format!("{path} {}\n", Digest::of(bytes)))
            .collect();
        let digest = Digest::of(list.as_bytes()).short();
        let target = self.cache.path(&["packs", &digest, name]);
        if !target.is_dir() {
            let aside = self.cache.aside()?;
            for (path, bytes) in &files {
                let file = aside.path().join(path);
                std::fs::write(&file, bytes)
                    .map_err(EnvironmentError::io(&file, "cannot unpack a pack"))?;
            }
            self.cache.publish(aside.path(), &target)?;
        }
        Ok(Some(target))
    }
}

/// Paths inside the pack and their bytes, sorted.
fn files_of(pack: &str) -> Vec<(String, std::borrow::Cow<'static, [u8]>)> {
    let mut names: Vec<_> = Embedded::iter().collect();
    names.sort();
    names
        .into_iter()
        .filter_map(|path| {
            let (folder, inside) = path.split_once('/')?;
            let file = Embedded::get(&path).filter(|_| folder == pack)?;
            Some((inside.to_owned(), file.data))
        })
        .collect()
}
