//! The border to language models.

use std::time::Duration;

use dice_catalog::Catalog;
use dice_model::{Digest, Usage};
use futures::future::BoxFuture;

use crate::form::Form;
use crate::query::Query;
use crate::settings::TokenPrices;

/// A language model, or what stands in for one.
pub trait Llm: Send + Sync {
    /// For people: `gpt-5 at api.openai.com`, `recorded answers`.
    fn name(&self) -> String;

    /// How it is asked to write programs.
    fn form(&self) -> Form {
        Form::Full
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Answer, LlmError>>;
}

/// What is asked. `messages` is all that a model sees; the rest is for providers that look answers
/// up.
#[derive(Debug, Clone)]
pub struct Request {
    pub messages: Vec<Message>,
    pub purpose: Purpose,
    /// The functions on offer.
    pub catalog: Catalog,
    /// 0 for the first attempt, then one more for each repair.
    pub round: u32,
}

/// What the answer is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A serial program for a query.
    Write(Query),
    /// The distributed form of a serial program.
    Distribute { serial: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub role: Role,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    System,
    User,
}

impl Role {
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub text: String,
    pub source: AnswerSource,
    /// Zero where no model ran.
    pub tokens: Tokens,
    pub prices: Option<TokenPrices>,
}

/// Where an answer came from, shown wherever the program is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerSource {
    Model {
        name: String,
    },
    /// Written beforehand by the project's authors, not by a model.
    Recorded {
        name: String,
        key: Digest,
    },
    /// A test's.
    Scripted,
}

impl AnswerSource {
    /// `recorded answer accident` or the model's name.
    pub fn label(&self) -> String {
        match self {
            Self::Model { name } => name.clone(),
            Self::Recorded { name, .. } => format!("recorded answer {name}"),
            Self::Scripted => "scripted answer".to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tokens {
    pub prompt: u64,
    pub answer: u64,
}

impl Answer {
    /// The line for the ledger; `None` where no model ran.
    pub fn usage(&self) -> Option<Usage> {
        let AnswerSource::Model { name } = &self.source else {
            return None;
        };
        Some(Usage::LanguageModel {
            model: name.clone(),
            prompt_tokens: self.tokens.prompt,
            answer_tokens: self.tokens.answer,
            micro_usd: self.prices.map(|prices| prices.cost_micro_usd(self.tokens)),
        })
    }
}

/// Why there is no answer. Whether to try again is decided by [`LlmError::is_passing`] alone. No
/// message holds the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    #[error("the language model at {url} did not answer within {} s", after.as_secs_f64())]
    TimedOut { url: String, after: Duration },
    #[error("cannot reach the language model at {url}: {problem}")]
    Unreachable { url: String, problem: String },
    #[error(
        "the language model at {url} refused the key ({status}): {problem}; check DICE_LLM_KEY"
    )]
    KeyRefused {
        url: String,
        status: u16,
        problem: String,
    },
    #[error("the language model at {url} is busy ({status}): {problem}")]
    Busy {
        url: String,
        status: u16,
        problem: String,
    },
    #[error("the language model at {url} refused the request ({status}): {problem}")]
    Refused {
        url: String,
        status: u16,
        problem: String,
    },
    #[error("cannot understand the answer of {url}: {problem}")]
    NotUnderstood { url: String, problem: String },
    #[error("{0}")]
    NotRecorded(Box<crate::recorded::Miss>),
    #[error(
        "recorded answers hold no distributed programs; to ask a language model, set DICE_LLM_URL, DICE_LLM_MODEL and DICE_LLM_KEY"
    )]
    NoRecordedRewriting,
    #[error("the script of answers is at its end")]
    ScriptEnded,
}

impl LlmError {
    /// May the same request succeed a little later?
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::TimedOut { .. } | Self::Unreachable { .. } | Self::Busy { .. }
        )
    }
}
