//! Which language model, where, with which key and at what price: from the environment, else from the
//! `[llm]` table of a configuration file.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::form::Form;
use crate::llm::Tokens;

/// A secret: never shown, neither by `Debug` nor in any error.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// `text` without this key, should somebody have put it in.
    pub(crate) fn hidden_in(&self, text: &str) -> String {
        if self.0.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.0, "[key]")
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

/// Of an OpenAI-compatible service.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Up to and without `/chat/completions`.
    pub url: String,
    pub model: String,
    /// Local services need none.
    pub key: Option<Key>,
    pub prices: Option<TokenPrices>,
    pub form: Form,
}

/// µ$ per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenPrices {
    pub prompt_micro_usd: i64,
    pub answer_micro_usd: i64,
}

impl TokenPrices {
    /// Rounded half up to whole µ$, once (RUNTIME M1).
    pub fn cost_micro_usd(self, tokens: Tokens) -> i64 {
        const MILLION: i128 = 1_000_000;
        let part = |count: u64, price: i64| i128::from(count) * i128::from(price);
        let total =
            part(tokens.prompt, self.prompt_micro_usd) + part(tokens.answer, self.answer_micro_usd);
        i64::try_from((total + MILLION / 2) / MILLION).unwrap_or(i64::MAX)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {problem}", path.display())]
    NotUnderstood { path: PathBuf, problem: String },
    #[error("{} holds a key and can be read by others; run: chmod 600 {}", path.display(), path.display())]
    ReadableByOthers { path: PathBuf },
    #[error("{name}: {value:?} is not a price in US$ per million tokens, such as 0.15")]
    NotAPrice { name: &'static str, value: String },
    #[error("DICE_LLM_FORM: {0:?} is neither full nor compact")]
    NotAForm(String),
    #[error("DICE_LLM_URL is set but DICE_LLM_MODEL is not: which model shall be asked?")]
    NoModel,
}

#[derive(Debug, Default, Deserialize)]
struct File {
    #[serde(default)]
    llm: FileSettings,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FileSettings {
    url: Option<String>,
    model: Option<String>,
    key: Option<String>,
    form: Option<String>,
    /// US$ per million tokens, as text or number.
    prompt_price: Option<Price>,
    answer_price: Option<Price>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Price {
    Text(String),
    Whole(i64),
    Number(f64),
}

impl fmt::Debug for FileSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileSettings")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// `variable` reads the environment; `config` is a TOML file that need not exist. `Ok(None)`
    /// if neither names a service. A variable wins over the file.
    pub fn load(
        variable: impl Fn(&str) -> Option<String>,
        config: Option<&Path>,
    ) -> Result<Option<Self>, SettingsError> {
        let file = config.map(read_file).transpose()?.unwrap_or_default();
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let Some(url) = set("DICE_LLM_URL").or(file.url) else {
            return Ok(None);
        };
        let model = set("DICE_LLM_MODEL")
            .or(file.model)
            .ok_or(SettingsError::NoModel)?;
        let form = set("DICE_LLM_FORM").or(file.form).map(|word| {
            let form = word.trim().parse();
            form.map_err(|()| SettingsError::NotAForm(word))
        });
        let prompt = price(
            "DICE_LLM_PROMPT_PRICE",
            set("DICE_LLM_PROMPT_PRICE"),
            file.prompt_price,
        )?;
        let answer = price(
            "DICE_LLM_ANSWER_PRICE",
            set("DICE_LLM_ANSWER_PRICE"),
            file.answer_price,
        )?;
        Ok(Some(Self {
            url: url.trim_end_matches('/').to_owned(),
            model,
            key: set("DICE_LLM_KEY")
                .or(file.key)
                .map(|key| Key::new(key.trim())),
            prices: prompt.zip(answer).map(|(prompt, answer)| TokenPrices {
                prompt_micro_usd: prompt,
                answer_micro_usd: answer,
            }),
            form: form.transpose()?.unwrap_or_default(),
        }))
    }
}

fn read_file(path: &Path) -> Result<FileSettings, SettingsError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(FileSettings::default());
        }
        Err(source) => {
            return Err(SettingsError::Unreadable {
                path: path.to_owned(),
                source,
            });
        }
    };
    // Only the message of the error: its other half quotes the file, which may hold a key.
    let file: File = toml::from_str(&text).map_err(|error| SettingsError::NotUnderstood {
        path: path.to_owned(),
        problem: error.message().to_owned(),
    })?;
    if file.llm.key.is_some() && readable_by_others(path) {
        return Err(SettingsError::ReadableByOthers {
            path: path.to_owned(),
        });
    }
    Ok(file.llm)
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> bool {
    false
}

fn price(
    name: &'static str,
    variable: Option<String>,
    file: Option<Price>,
) -> Result<Option<i64>, SettingsError> {
    let text = variable.or(file.map(|price| match price {
        Price::Text(text) => text,
        Price::Whole(number) => number.to_string(),
        Price::Number(number) => number.to_string(),
    }));
    let Some(text) = text else { return Ok(None) };
    let exact = micro_usd(text.trim());
    exact
        .map(Some)
        .ok_or(SettingsError::NotAPrice { name, value: text })
}

/// `0.15` as 150000, exactly; no more than six places.
fn micro_usd(text: &str) -> Option<i64> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || places.len() > 6 || !digits(whole) || !digits(places) {
        return None;
    }
    format!("{whole}{places:0<6}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact() {
        for (text, expect) in [
            ("0.15", Some(150_000)),
            ("3", Some(3_000_000)),
            ("2.5", Some(2_500_000)),
        ] {
            assert_eq!(micro_usd(text), expect, "{text}");
        }
        for text in ["", "-1", "1e3", ".5", "0.1234567", "$3"] {
            assert_eq!(micro_usd(text), None, "{text}");
        }
        let prices = TokenPrices {
            prompt_micro_usd: 150_000,
            answer_micro_usd: 600_000,
        };
        assert_eq!(
            prices.cost_micro_usd(Tokens {
                prompt: 1_000,
                answer: 100
            }),
            210
        );
        assert_eq!(
            prices.cost_micro_usd(Tokens {
                prompt: 3,
                answer: 0
            }),
            0
        );
        assert_eq!(
            prices.cost_micro_usd(Tokens {
                prompt: 4,
                answer: 0
            }),
            1
        );
    }

    #[test]
    fn a_key_is_never_shown() {
        let key = Key::new("sk-secret");
        assert_eq!(format!("{key:?}"), "[key]");
        assert_eq!(key.hidden_in("wrong key sk-secret"), "wrong key [key]");
    }
}
