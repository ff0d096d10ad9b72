//! Any service that speaks OpenAI's chat completions: hosted ones, vLLM, llama.cpp, Ollama.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde::{Deserialize, Serialize};

use crate::form::Form;
use crate::llm::{Answer, AnswerSource, Llm, LlmError, Request, Tokens};
use crate::settings::{Key, Settings};

/// Asks one model of one service, patiently.
#[derive(Debug, Clone)]
pub struct OpenAi {
    settings: Settings,
    options: OpenAiOptions,
    client: reqwest::Client,
}

#[derive(Debug, Clone)]
pub struct OpenAiOptions {
    /// For one attempt, connecting and reading included.
    pub timeout: Duration,
    /// After a failure that may pass; the first one not counted.
    pub retries: u32,
    /// Before the first retry; doubled for each further one, with up to half of it taken off at
    /// random so that many clients do not come back together.
    pub first_pause: Duration,
    /// The longest a service may make us wait with `Retry-After`.
    pub longest_pause: Duration,
    /// 0 where the service allows it: the same query, the same program.
    pub temperature: Option<f32>,
}

impl Default for OpenAiOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(120),
            retries: 4,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
            temperature: Some(0.0),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<BodyMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
}

#[derive(Serialize)]
struct BodyMessage<'a> {
    role: &'static str,
    content: &'a str,
}

/// Only what we need: compatible services leave the rest out, or differ in it.
#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<CompletionUsage>,
}

#[derive(Deserialize)]
struct Choice {
    message: ChoiceMessage,
}

#[derive(Deserialize)]
struct ChoiceMessage {
    content: Option<String>,
}

#[derive(Deserialize)]
struct CompletionUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

#[derive(Deserialize)]
struct Failure {
    error: FailureDetail,
}

#[derive(Deserialize)]
struct FailureDetail {
    message: String,
    #[serde(default)]
    code: Option<serde_json::Value>,
}

/// A failed attempt, and how long the service asked us to wait.
struct Attempt {
    error: LlmError,
    retry_after: Option<Duration>,
}

impl OpenAi {
    pub fn new(settings: Settings, options: OpenAiOptions) -> Result<Self, LlmError> {
        let client = reqwest::Client::builder()
            .timeout(options.timeout)
            .user_agent(concat!("dice/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| LlmError::Unreachable {
                url: settings.url.clone(),
                problem: deepest(&error),
            })?;
        Ok(Self {
            settings,
            options,
            client,
        })
    }

    async fn complete_patiently(&self, request: &Request) -> Result<Answer, LlmError> {
        let mut pause = self.options.first_pause;
        for _ in 0..self.options.retries {
            let failed = match self.attempt(request).await {
                Err(failed) if failed.error.is_passing() => failed,
                Err(failed) => return Err(failed.error),
                Ok(answer) => return Ok(answer),
            };
            let wait = failed.retry_after.unwrap_or_else(|| jittered(pause));
            tracing::warn!(error = %failed.error, ?wait, "asking the language model again");
            tokio::time::sleep(wait.min(self.options.longest_pause)).await;
            pause *= 2;
        }
        self.attempt(request).await.map_err(|failed| failed.error)
    }

    async fn attempt(&self, request: &Request) -> Result<Answer, Attempt> {
        let messages = request.messages.iter().map(|message| BodyMessage {
            role: message.role.word(),
            content: &message.text,
        });
        let body = Body {
            model: &self.settings.model,
            messages: messages.collect(),
            temperature: self.options.temperature,
        };
        let url = format!("{}/chat/completions", self.settings.url);
        let mut post = self.client.post(url).json(&body);
        if let Some(key) = &self.settings.key {
            post = post.bearer_auth(key.expose());
        }
        let response = post.send().await.map_err(|error| self.not_sent(&error))?;
        let status = response.status();
        let retry_after = retry_after(&response);
        let text = response
            .text()
            .await
            .map_err(|error| self.not_sent(&error))?;
        if status.is_success() {
            return self.understand(&text);
        }
        Err(Attempt {
            error: self.refused(status, &text),
            retry_after,
        })
    }

    fn understand(&self, text: &str) -> Result<Answer, Attempt> {
        let wrong = |problem: String| Attempt {
            error: LlmError::NotUnderstood {
                url: self.url(),
                problem: self.hidden(&problem),
            },
            retry_after: None,
        };
        let completion: Completion =
            serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let content = completion
            .choices
            .into_iter()
            .next()
            .and_then(|choice| choice.message.content);
        let usage = completion.usage;
        Ok(Answer {
            text: content.ok_or_else(|| wrong("it has no text".to_owned()))?,
            source: AnswerSource::Model {
                name: self.settings.model.clone(),
            },
            tokens: usage.map_or_else(Tokens::default, |usage| Tokens {
                prompt: usage.prompt_tokens,
                answer: usage.completion_tokens,
            }),
            prices: self.settings.prices,
        })
    }

    fn not_sent(&self, error: &reqwest::Error) -> Attempt {
        let url = self.url();
        let error = if error.is_timeout() {
            LlmError::TimedOut {
                url,
                after: self.options.timeout,
            }
        } else {
            LlmError::Unreachable {
                url,
                problem: self.hidden(&deepest(error)),
            }
        };
        Attempt {
            error,
            retry_after: None,
        }
    }

    fn refused(&self, status: StatusCode, text: &str) -> LlmError {
        let failure = serde_json::from_str::<Failure>(text)
            .ok()
            .map(|failure| failure.error);
        let code = failure
            .as_ref()
            .and_then(|detail| detail.code.as_ref()?.as_str());
        // No quota is answered like too many requests, but waiting does not help.
        let no_quota = code == Some("insufficient_quota");
        let problem = failure
            .as_ref()
            .map_or(text.trim(), |detail| &detail.message);
        let problem = self.hidden(&first_words(problem));
        let (url, number) = (self.url(), status.as_u16());
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => LlmError::KeyRefused {
                url,
                status: number,
                problem,
            },
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT if !no_quota => {
                LlmError::Busy {
                    url,
                    status: number,
                    problem,
                }
            }
            status if status.is_server_error() => LlmError::Busy {
                url,
                status: number,
                problem,
            },
            _ => LlmError::Refused {
                url,
                status: number,
                problem,
            },
        }
    }

    /// For people: without credentials, should the URL have some.
    fn url(&self) -> String {
        let Ok(mut url) = reqwest::Url::parse(&self.settings.url) else {
            return self.hidden(&self.settings.url);
        };
        let removed = url.set_username("").and_then(|()| url.set_password(None));
        url.set_query(None);
        removed.map_or_else(
            |()| "[url]".to_owned(),
            |()| self.hidden(url.as_str().trim_end_matches('/')),
        )
    }

    fn hidden(&self, text: &str) -> String {
        self.settings
            .key
            .as_ref()
            .map_or_else(|| text.to_owned(), |key: &Key| key.hidden_in(text))
    }
}

impl Llm for OpenAi {
    fn name(&self) -> String {
        format!("{} at {}", self.settings.model, self.url())
    }

    fn form(&self) -> Form {
        self.settings.form
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Answer, LlmError>> {
        self.complete_patiently(request).boxed()
    }
}

fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let seconds = response
        .headers()
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// Between half of `pause` and all of it.
fn jittered(pause: Duration) -> Duration {
    let random = RandomState::new().hash_one(0u8);
    let half = pause / 2;
    half + half.mul_f64(random as f64 / u64::MAX as f64)
}

/// reqwest's own message says no more than "error sending request".
fn deepest(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// An error page of a proxy can be long.
fn first_words(text: &str) -> String {
    const LONGEST: usize = 300;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None if text.is_empty() => "no reason given".to_owned(),
        None => text.to_owned(),
    }
}
