//! A provider that gives the answers it was told to, for tests of everything above [`Llm`].

use std::collections::VecDeque;
use std::sync::Mutex;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::form::Form;
use crate::llm::{Answer, AnswerSource, Llm, LlmError, Request, Tokens};

/// Answers in order, then [`LlmError::ScriptEnded`]; remembers what it was asked.
#[derive(Debug, Default)]
pub struct Scripted {
    form: Form,
    answers: Mutex<VecDeque<Result<String, LlmError>>>,
    asked: Mutex<Vec<Request>>,
}

impl Scripted {
    pub fn new<T: Into<String>>(answers: impl IntoIterator<Item = T>) -> Self {
        Self::with_results(answers.into_iter().map(|answer| Ok(answer.into())))
    }

    pub fn with_results(answers: impl IntoIterator<Item = Result<String, LlmError>>) -> Self {
        Self {
            form: Form::Full,
            answers: Mutex::new(answers.into_iter().collect()),
            asked: Mutex::default(),
        }
    }

    #[must_use]
    pub fn in_form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no panic while locked").clone()
    }
}

impl Llm for Scripted {
    fn name(&self) -> String {
        "scripted answers".to_owned()
    }

    fn form(&self) -> Form {
        self.form
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Answer, LlmError>> {
        self.asked
            .lock()
            .expect("no panic while locked")
            .push(request.clone());
        let next = self
            .answers
            .lock()
            .expect("no panic while locked")
            .pop_front();
        let answer = next
            .unwrap_or(Err(LlmError::ScriptEnded))
            .map(|text| Answer {
                text,
                source: AnswerSource::Scripted,
                tokens: Tokens::default(),
                prices: None,
            });
        async move { answer }.boxed()
    }
}
