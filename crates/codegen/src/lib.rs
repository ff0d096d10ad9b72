//! Prompts, language-model providers, repair: a query to a checked serial program, and a serial
//! program to a distributed one.
//!
//! What [`generate`] returns has passed `dice_program::check`; what [`distribute`] returns has passed
//! a [`Judge`] too.

mod distribute;
mod extract;
mod form;
mod generate;
mod llm;
mod openai;
mod prompt;
mod query;
mod recorded;
mod scripted;
mod settings;

pub use distribute::{
    DistributeError, DistributeOptions, Judge, JudgeError, Judgement, Problems, Rewriting,
    RewritingAttempt, distribute,
};
pub use form::Form;
pub use generate::{GenerateError, Generated, Options, Outcome, Round, generate};
pub use llm::{Answer, AnswerSource, Llm, LlmError, Message, Purpose, Request, Role, Tokens};
pub use openai::{OpenAi, OpenAiOptions};
pub use prompt::{Attempt, distribute_repair_request, distribute_request, repair_request, request};
pub use query::Query;
pub use recorded::{Miss, NearMiss, Recorded, Recording, RecordingError, Used};
pub use scripted::Scripted;
pub use settings::{Key, Settings, SettingsError, TokenPrices};
