//! Answers written beforehand by the project's authors, for the demo and the tests.
//!
//! An answer belongs to a query, its inputs and the functions that it calls: it is given if query and
//! inputs are the same and those functions are on offer with the parameters that it gives them.
//! Documentation may change and other functions may stand beside; what it makes of the results is
//! left to the check that every program has to pass.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use dice_catalog::{Catalog, Entry};
use dice_model::{Digest, InputKind};
use dice_program::Input;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Deserialize;

use crate::llm::{Answer, AnswerSource, Llm, LlmError, Purpose, Request, Tokens};
use crate::query::Query;

static BUILT_IN: include_dir::Dir<'_> =
    include_dir::include_dir!("$CARGO_MANIFEST_DIR/../../tests/recorded");

/// One recorded answer.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The file's name without its ending.
    pub name: String,
    pub query: Query,
    /// What the answer calls.
    pub functions: BTreeMap<String, Used>,
    /// In full, as a model would give it.
    pub answer: String,
}

#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error("recorded answer {name}: {problem}")]
    NotUnderstood { name: String, problem: String },
    #[error("cannot read {path}: {source}")]
    Unreadable {
        path: String,
        source: std::io::Error,
    },
}

/// The parameters that an answer gives a function, by name, with their types: `image`, `text`.
pub type Used = BTreeMap<String, String>;

/// No recorded answer fits: what was looked for, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    pub query: Query,
    /// An answer for this query and these inputs, but for functions that are not on offer.
    pub nearly: Option<NearMiss>,
    /// Queries that have an answer.
    pub known: Vec<String>,
    pub round: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    pub name: String,
    /// What it calls and is not on offer.
    pub missing: Vec<String>,
    pub inputs_differ: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    query: String,
    #[serde(default)]
    inputs: BTreeMap<String, InputKind>,
    functions: BTreeMap<String, Used>,
}

impl Recording {
    /// A TOML header between `+++` lines, then the answer.
    pub fn parse(name: &str, text: &str) -> Result<Self, RecordingError> {
        let wrong = |problem: String| RecordingError::NotUnderstood {
            name: name.to_owned(),
            problem,
        };
        let rest = text
            .strip_prefix("+++\n")
            .ok_or_else(|| wrong("no +++ at the start".to_owned()))?;
        let (header, answer) = rest
            .split_once("\n+++\n")
            .ok_or_else(|| wrong("no +++ after the header".to_owned()))?;
        let header: Header =
            toml::from_str(header).map_err(|error| wrong(error.message().to_owned()))?;
        let inputs = header.inputs.into_iter();
        Ok(Self {
            name: name.to_owned(),
            query: Query {
                text: header.query,
                inputs: inputs.map(|(name, kind)| Input { name, kind }).collect(),
            },
            functions: header.functions,
            answer: answer.trim_start().to_owned(),
        })
    }

    fn is_for_text(&self, query: &Query) -> bool {
        self.query.normal_text() == query.normal_text()
    }

    fn is_for_inputs(&self, query: &Query) -> bool {
        self.query.input_lines() == query.input_lines()
    }

    /// Of query, inputs, and the functions with their parameters.
    pub fn key(&self) -> Digest {
        let functions = self
            .functions
            .iter()
            .map(|(name, used)| signature(name, used));
        let functions = functions.collect::<Vec<_>>().join("\n");
        let inputs = self.query.input_lines().join("\n");
        let text = format!("{}\n\n{inputs}\n\n{functions}", self.query.normal_text());
        Digest::of(text.as_bytes())
    }

    fn missing_from(&self, catalog: &Catalog) -> Vec<String> {
        let missing = self
            .functions
            .iter()
            .filter(|(name, used)| !catalog.get(name).is_some_and(|entry| takes(entry, used)));
        missing.map(|(name, used)| signature(name, used)).collect()
    }
}

/// Has `entry` these parameters, and requires no others?
fn takes(entry: &Entry, used: &Used) -> bool {
    let known = |(name, kind): (&String, &String)| {
        entry
            .parameter(name)
            .is_some_and(|parameter| parameter.kind.to_string() == *kind)
    };
    let mut required = entry
        .parameters
        .iter()
        .filter(|parameter| parameter.required);
    used.iter().all(known) && required.all(|parameter| used.contains_key(&parameter.name))
}

fn signature(name: &str, used: &Used) -> String {
    let parameters = used.iter().map(|(name, kind)| format!("{name}: {kind}"));
    format!("{name}({})", parameters.collect::<Vec<_>>().join(", "))
}

/// The provider of recorded answers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorded(Arc<Vec<Recording>>);

impl Recorded {
    pub fn new(recordings: Vec<Recording>) -> Self {
        Self(Arc::new(recordings))
    }

    /// The answers that are part of the binary.
    pub fn built_in() -> Self {
        let recordings = BUILT_IN.files().filter_map(|file| {
            let name = recording_name(file.path())?;
            let text = file.contents_utf8().expect("recorded answers are UTF-8");
            Some(Recording::parse(&name, text).expect("recorded answers are tested"))
        });
        Self::new(recordings.collect())
    }

    /// All `*.md` files of a folder that begin with `+++`.
    pub fn from_folder(folder: &Path) -> Result<Self, RecordingError> {
        let unreadable = |source| RecordingError::Unreadable {
            path: folder.display().to_string(),
            source,
        };
        let mut recordings = Vec::new();
        for file in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = file.map_err(unreadable)?.path();
            if let Some(name) = recording_name(&path) {
                let text = std::fs::read_to_string(&path).map_err(unreadable)?;
                recordings.push(Recording::parse(&name, &text)?);
            }
        }
        recordings.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(Self::new(recordings))
    }

    pub fn recordings(&self) -> &[Recording] {
        &self.0
    }

    fn find(&self, request: &Request) -> Result<&Recording, LlmError> {
        let query = match &request.purpose {
            Purpose::Write(query) => query,
            Purpose::Distribute { .. } => return Err(LlmError::NoRecordedRewriting),
        };
        let asked: Vec<_> = self
            .0
            .iter()
            .filter(|recording| recording.is_for_text(query))
            .collect();
        let fits = |recording: &&&Recording| {
            recording.is_for_inputs(query) && recording.missing_from(&request.catalog).is_empty()
        };
        match asked.iter().find(fits) {
            Some(recording) if request.round == 0 => Ok(recording),
            _ => Err(LlmError::NotRecorded(Box::new(Miss {
                query: query.clone(),
                nearly: asked.first().map(|recording| NearMiss {
                    name: recording.name.clone(),
                    missing: recording.missing_from(&request.catalog),
                    inputs_differ: !recording.is_for_inputs(query),
                }),
                known: self
                    .0
                    .iter()
                    .map(|recording| recording.query.normal_text())
                    .collect(),
                round: request.round,
            }))),
        }
    }
}

/// `README.md` tells people about the folder.
fn recording_name(path: &Path) -> Option<String> {
    let name = path.file_stem()?.to_str()?;
    (path.extension()? == "md" && name != "README").then(|| name.to_owned())
}

impl Llm for Recorded {
    fn name(&self) -> String {
        "recorded answers".to_owned()
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Answer, LlmError>> {
        let found = self.find(request).map(|recording| Answer {
            text: recording.answer.clone(),
            source: AnswerSource::Recorded {
                name: recording.name.clone(),
                key: recording.key(),
            },
            tokens: Tokens::default(),
            prices: None,
        });
        async move { found }.boxed()
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.query.normal_text();
        let inputs = self.query.input_lines().join(", ");
        match &self.nearly {
            _ if self.round > 0 => write!(f, "no recorded answer repairs a program for {text:?}")?,
            None => write!(f, "no recorded answer for the query {text:?}")?,
            Some(near) if near.inputs_differ => write!(
                f,
                "the recorded answer {} is for this query with other inputs than {inputs:?}",
                near.name
            )?,
            Some(near) => write!(
                f,
                "the recorded answer {} is for functions that are not on offer: {}",
                near.name,
                near.missing.join("; ")
            )?,
        }
        if self.nearly.is_none() && !self.known.is_empty() {
            let known: Vec<_> = self
                .known
                .iter()
                .map(|query| format!("{query:?}"))
                .collect();
            write!(f, " (there are answers for {})", known.join(", "))?;
        }
        f.write_str("; to ask a language model, set DICE_LLM_URL, DICE_LLM_MODEL and DICE_LLM_KEY")
    }
}
