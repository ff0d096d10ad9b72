//! A query and a catalog to a checked serial program: prompts, language-model providers, repair.
//!
//! What [`generate`] returns has passed `dice_program::check`.

mod extract;
mod generate;
mod llm;
mod openai;
mod prompt;
mod query;
mod recorded;
mod scripted;
mod settings;

pub use generate::{GenerateError, Generated, Options, Outcome, Round, generate};
pub use llm::{Answer, AnswerSource, Llm, LlmError, Message, Request, Role, Tokens};
pub use openai::{OpenAi, OpenAiOptions};
pub use prompt::{repair_request, request};
pub use query::Query;
pub use recorded::{Miss, NearMiss, Recorded, Recording, RecordingError, Used};
pub use scripted::Scripted;
pub use settings::{Key, Settings, SettingsError, TokenPrices};
