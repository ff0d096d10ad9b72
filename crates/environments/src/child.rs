//! Child processes: what they inherit, and what is kept of what they say.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

/// Bytes of a failed child's stderr that an error carries.
const STDERR_TAIL: usize = 8 * 1024;

/// What a child may reach over the network, by way of what it inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inherits {
    /// A function: where things are, and how TLS works here.
    Basics,
    /// A set-up that fetches: the settings of uv, pip and npm as well.
    Fetching,
}

const BASICS: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "TZ",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "XDG_CACHE_HOME",
    "DICE_CACHE",
    "DICE_MODELS",
    "HERMOD_TIME_SCALE",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
];
const BASIC_PREFIXES: &[&str] = &["LC_"];
const FETCHING_PREFIXES: &[&str] = &["UV_", "PIP_", "NPM_CONFIG_", "npm_config_"];
/// A name with one of these words in it is never handed on.
const SECRET_WORDS: &[&str] = &[
    "KEY",
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "CREDENTIAL",
    "AUTH",
];

impl Inherits {
    fn passes(self, name: &str) -> bool {
        let upper = name.to_ascii_uppercase();
        if SECRET_WORDS.iter().any(|word| upper.contains(word)) {
            return false;
        }
        BASICS.contains(&name)
            || BASIC_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            || (self == Self::Fetching
                && FETCHING_PREFIXES
                    .iter()
                    .any(|prefix| name.starts_with(prefix)))
    }
}

/// A command that inherits nothing but what [`Inherits`] lists, reads nothing and dies with us.
pub(crate) fn command(program: &Path, inherits: Inherits) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| inherits.passes(name)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// The end of what a child wrote, whole lines where possible, for an error.
pub(crate) fn tail(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end();
    let mut start = text.len().saturating_sub(STDERR_TAIL);
    if start == 0 {
        return text.to_owned();
    }
    while !text.is_char_boundary(start) {
        start += 1;
    }
    match text[start..].find('\n') {
        Some(newline) => format!("…\n{}", &text[start + newline + 1..]),
        None => format!("…{}", &text[start..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, basics: bool, fetching: bool) {
        assert_eq!(Inherits::Basics.passes(name), basics, "{name}");
        assert_eq!(Inherits::Fetching.passes(name), fetching, "{name}");
    }

    #[test]
    fn only_what_is_needed_is_inherited() {
        check("PATH", true, true);
        check("LC_ALL", true, true);
        check("DICE_CACHE", true, true);
        check("SSL_CERT_FILE", true, true);
        check("UV_INDEX_URL", false, true);
        check("PIP_INDEX_URL", false, true);
        check("EDITOR", false, false);
    }

    #[test]
    fn secrets_are_not_inherited() {
        check("OPENAI_API_KEY", false, false);
        check("DICE_LLM_KEY", false, false);
        check("UV_PUBLISH_TOKEN", false, false);
        check("UV_INDEX_PRIVATE_PASSWORD", false, false);
        check("npm_config__auth", false, false);
        check("HERMOD_WORKER_TOKEN", false, false);
    }

    #[test]
    fn a_long_text_is_cut_at_a_line() {
        let long = format!("{}\nlast", "é".repeat(STDERR_TAIL));
        assert_eq!(tail(long.as_bytes()), "…\nlast");
        assert_eq!(tail(b"short\n"), "short");
    }
}
