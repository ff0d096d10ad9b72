//! Where the language model's settings come from.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use dice_codegen::{Form, Key, Settings, SettingsError, TokenPrices};

fn load(
    variables: &[(&str, &str)],
    config: Option<&PathBuf>,
) -> Result<Option<Settings>, SettingsError> {
    let variable = |name: &str| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| (*value).to_owned())
    };
    Settings::load(variable, config.map(PathBuf::as_path))
}

fn file(folder: &tempfile::TempDir, text: &str, mode: u32) -> PathBuf {
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

const FILE: &str = "[llm]\nurl = \"http://here/v1/\"\nmodel = \"m\"\nkey = \"sk-file\"\nprompt_price = 0.15\nanswer_price = \"0.6\"\n";

#[test]
fn the_environment_wins_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, FILE, 0o600);
    let from_file = load(&[], Some(&path)).unwrap().unwrap();
    assert_eq!(
        (from_file.url.as_str(), from_file.key),
        ("http://here/v1", Some(Key::new("sk-file")))
    );
    let prices = TokenPrices {
        prompt_micro_usd: 150_000,
        answer_micro_usd: 600_000,
    };
    assert_eq!(from_file.prices, Some(prices));
    let both = load(
        &[("DICE_LLM_MODEL", "n"), ("DICE_LLM_KEY", "sk-env\n")],
        Some(&path),
    )
    .unwrap()
    .unwrap();
    assert_eq!(
        (both.model.as_str(), both.key),
        ("n", Some(Key::new("sk-env")))
    );
}

#[test]
fn nothing_set_is_no_model() {
    assert_eq!(load(&[], None).unwrap(), None);
    assert_eq!(
        load(&[], Some(&PathBuf::from("/nonexistent/config.toml"))).unwrap(),
        None
    );
    assert_eq!(load(&[("DICE_LLM_URL", " ")], None).unwrap(), None);
}

#[test]
fn wrong_settings_say_what_to_do() {
    let error = load(&[("DICE_LLM_URL", "http://x")], None).unwrap_err();
    assert!(matches!(error, SettingsError::NoModel), "{error}");
    let prices = [
        ("DICE_LLM_URL", "http://x"),
        ("DICE_LLM_MODEL", "m"),
        ("DICE_LLM_PROMPT_PRICE", "cheap"),
    ];
    let error = load(&prices, None).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("DICE_LLM_PROMPT_PRICE: \"cheap\" is not a price"),
        "{error}"
    );
}

#[test]
fn a_file_with_a_key_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, FILE, 0o644);
    let error = load(&[], Some(&path)).unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
    let without_key = FILE.replace("key = \"sk-file\"\n", "");
    let path = file(&folder, &without_key, 0o644);
    assert!(load(&[], Some(&path)).is_ok());
}

#[test]
fn errors_and_debug_never_quote_the_key() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [
        FILE.replace("\"sk-file\"", "\"sk-file"),
        FILE.replace("model", "modle"),
        FILE.replace("\"sk-file\"", "[\"sk-file\"]"),
    ] {
        let path = file(&folder, &wrong, 0o600);
        let error = load(&[], Some(&path)).unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("sk-file"),
            "{error:?}"
        );
    }
    let path = file(&folder, FILE, 0o600);
    assert!(!format!("{:?}", load(&[], Some(&path))).contains("sk-file"));
}

#[test]
fn a_model_may_be_asked_for_the_compact_form() {
    let form = |word| {
        let variables = [
            ("DICE_LLM_URL", "http://here"),
            ("DICE_LLM_MODEL", "m"),
            ("DICE_LLM_FORM", word),
        ];
        load(&variables, None).map(|settings| settings.unwrap().form)
    };
    assert_eq!(form("").unwrap(), Form::Full);
    assert_eq!(form("compact").unwrap(), Form::Compact);
    let wrong = form("short").unwrap_err().to_string();
    assert_eq!(
        wrong,
        "DICE_LLM_FORM: \"short\" is neither full nor compact"
    );
}
