//! Who writes programs: the configured service, or recorded answers.

use dice_codegen::{Llm, OpenAi, OpenAiOptions, Recorded, Settings};

use crate::LanguageModel;
use crate::error::OpenError;

/// The configured service, or recorded answers.
pub fn choose(asked: LanguageModel) -> Result<Box<dyn Llm>, OpenError> {
    let settings = match asked {
        LanguageModel::Recorded => None,
        LanguageModel::Configured => {
            Settings::load(|name| std::env::var(name).ok(), config_file().as_deref())?
        }
    };
    Ok(match settings {
        Some(settings) => Box::new(OpenAi::new(settings, OpenAiOptions::default())?),
        None => Box::new(Recorded::built_in()),
    })
}

/// `$XDG_CONFIG_HOME/dice/config.toml`; need not exist.
fn config_file() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty());
    let folder = match folder {
        Some(folder) => folder.into(),
        None => std::env::home_dir()?.join(".config"),
    };
    Some(folder.join("dice/config.toml"))
}
