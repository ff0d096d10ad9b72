//! The PEP 723 header of a file, and the header of the script that stands in for it: the same, with
//! the SDK's own needs added.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// Inline script metadata: what stands between `# /// script` and `# ///`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requires_python: Option<String>,
    #[serde(default)]
    pub dependencies: Vec<String>,
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub tool: toml::Table,
}

#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    #[error("line {line}: `# /// script` is never closed by `# ///`")]
    Unclosed { line: usize },
    #[error("line {line}: a second `# /// script`; a file has at most one")]
    Second { line: usize },
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
}

impl Header {
    /// Reads a file's header; a file without one needs nothing.
    pub fn parse(source: &str) -> Result<Self, HeaderError> {
        let lines: Vec<&str> = source.lines().map(str::trim_end).collect();
        let Some(open) = lines.iter().position(|line| *line == "# /// script") else {
            return Ok(Self::default());
        };
        // The last `# ///` of the comment counts: PEP 723 lets the TOML itself hold such a line.
        let comment = lines[open + 1..]
            .iter()
            .take_while(|line| **line == "#" || line.starts_with("# "))
            .count();
        let block = &lines[open + 1..open + 1 + comment];
        let close = block
            .iter()
            .rposition(|line| *line == "# ///")
            .ok_or(HeaderError::Unclosed { line: open + 1 })?;
        let after = open + 1 + close;
        if let Some(second) = lines[after..].iter().position(|l| *l == "# /// script") {
            return Err(HeaderError::Second {
                line: after + second + 1,
            });
        }
        let toml: Vec<&str> = block[..close]
            .iter()
            .map(|line| line.get(2..).unwrap_or(""))
            .collect();
        Ok(toml::from_str(&toml.join("\n"))?)
    }

    /// Adds the needs of `other`: all dependencies, both limits on Python. Its `[tool]` is left out.
    pub(crate) fn add(&mut self, other: &Self) {
        self.requires_python = match (self.requires_python.take(), &other.requires_python) {
            (Some(ours), Some(theirs)) if ours != *theirs => Some(format!("{ours}, {theirs}")),
            (ours, theirs) => ours.or_else(|| theirs.clone()),
        };
        for dependency in &other.dependencies {
            if !self.dependencies.contains(dependency) {
                self.dependencies.push(dependency.clone());
            }
        }
    }

    /// `[tool.dice] worker`: the command of a worker that is not the SDK's, for the functions that the file
    /// declares.
    pub(crate) fn worker(&self) -> Option<Vec<String>> {
        let words = self.tool.get("dice")?.get("worker")?.as_array()?;
        let words = words.iter().map(|word| word.as_str().map(str::to_owned));
        words
            .collect::<Option<Vec<_>>>()
            .filter(|words| !words.is_empty())
    }

    /// Makes `[tool.uv.sources]` paths absolute: the script that stands in lies elsewhere.
    pub(crate) fn resolve_sources(&mut self, folder: &Path) {
        let sources = self
            .tool
            .get_mut("uv")
            .and_then(|uv| uv.get_mut("sources"))
            .and_then(toml::Value::as_table_mut);
        for (_, source) in sources.into_iter().flatten() {
            if let Some(toml::Value::String(path)) = source.get_mut("path") {
                *path = folder.join(&*path).to_string_lossy().into_owned();
            }
        }
    }

    /// The text of a script with this header. Equal needs give equal texts, and so one environment.
    pub(crate) fn to_script(&self) -> String {
        let toml = toml::to_string(self).expect("strings and tables that were TOML are TOML");
        let mut script =
            "# Stands in for the files with these needs; made by dice, never run.\n# /// script\n"
                .to_owned();
        for line in toml.lines() {
            script.push_str(if line.is_empty() { "#" } else { "# " });
            script.push_str(line);
            script.push('\n');
        }
        script.push_str("# ///\n");
        script
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OCR: &str = r#""""Reads text."""
# /// script
# requires-python = ">=3.11,<3.13"
# dependencies = [
#     "rapidocr-onnxruntime==1.4.4",
# ]
#
# [tool.uv]
# exclude-newer = "2026-11-01T00:00:00Z"
#
# [tool.uv.sources]
# shared = { path = "../shared" }
# ///
import hermod
"#;

    fn sdk() -> Header {
        Header {
            requires_python: Some(">=3.11".to_owned()),
            dependencies: vec!["pydantic>=2.12,<3".to_owned()],
            tool: toml::Table::new(),
        }
    }

    #[test]
    fn a_header_is_read_and_the_sdks_needs_are_added() {
        let mut header = Header::parse(OCR).unwrap();
        header.add(&sdk());
        header.resolve_sources(Path::new("/pack"));
        insta::assert_snapshot!(header.to_script(), @r##"
        # Stands in for the files with these needs; made by dice, never run.
        # /// script
        # requires-python = ">=3.11,<3.13, >=3.11"
        # dependencies = ["rapidocr-onnxruntime==1.4.4", "pydantic>=2.12,<3"]
        #
        # [tool.uv]
        # exclude-newer = "2026-11-01T00:00:00Z"
        #
        # [tool.uv.sources.shared]
        # path = "/pack/../shared"
        # ///
        "##);
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut header = Header::parse(OCR).unwrap();
        header.add(&sdk());
        assert_eq!(Header::parse(&header.to_script()).unwrap(), header);
    }

    #[test]
    fn a_file_without_a_header_needs_the_sdk_only() {
        let mut header = Header::parse("import hermod\n").unwrap();
        header.add(&sdk());
        assert_eq!(header, sdk());
    }

    #[test]
    fn adding_the_same_twice_changes_nothing() {
        let mut header = sdk();
        header.add(&sdk());
        assert_eq!(header, sdk());
    }

    #[test]
    fn wrong_headers_are_errors_that_name_the_line() {
        let unclosed = Header::parse("# /// script\n# dependencies = []\nimport x\n");
        assert!(matches!(unclosed, Err(HeaderError::Unclosed { line: 1 })));
        let two = Header::parse("# /// script\n# ///\n\n# /// script\n# ///\n");
        assert!(matches!(two, Err(HeaderError::Second { line: 4 })));
        let toml = Header::parse("# /// script\n# dependencies = 3\n# ///\n");
        assert!(matches!(toml, Err(HeaderError::Toml(_))));
    }
}
