//! The whole way: a sentence, the functions on offer, a serial program, a distributed one, the answer,
//! and what it cost. Read this file first.

use std::sync::Arc;
use std::time::Duration;

use dice_catalog::Catalog;
use dice_codegen::{GenerateError, Generated, Llm, Outcome, Query};
use dice_model::{MicroUsd, ProgramForm, TaskId, TaskInput};
use dice_parallelize::Distributed;
use dice_program::Input;
use futures::StreamExt as _;
use tokio::sync::mpsc;

use crate::compare::{CompareEvent, Comparison, Pair, Stage};
use crate::events::{Events, tell};
use crate::run::{NewRun, RunEvent, Stream};
use crate::{Engine, EngineError, TaskReport};

/// For tracebacks: programs from sentences have no file.
const FILENAME: &str = "program.py";

/// A sentence about some data.
#[derive(Debug, Clone)]
pub struct Question {
    pub query: String,
    /// Their blobs are stored already.
    pub inputs: Vec<TaskInput>,
    /// Run the monolith too.
    pub compare: bool,
    pub deadline: Option<Duration>,
    /// That what is rented while the program runs may cost.
    pub budget: Option<MicroUsd>,
}

/// What happens on the way, told as it happens.
#[derive(Debug)]
pub enum AskEvent {
    Functions(Vec<String>),
    Serial {
        program: String,
        generated: Box<Generated>,
    },
    Distributed(Distributed),
    Running(Stage, TaskId),
    Output(Stage, Stream, String),
    Compared(Box<Comparison>),
    Answered(Box<TaskReport>),
}

impl Engine {
    pub async fn ask(
        self: &Arc<Self>,
        question: Question,
        events: Events<AskEvent>,
    ) -> Result<(), EngineError> {
        let names = self.catalog().names().map(str::to_owned).collect();
        tell(&events, AskEvent::Functions(names)).await?;

        let generated = Box::new(self.generate(&question.query, &question.inputs).await?);
        let serial = program_of(&generated)?;
        let program = serial.clone();
        tell(&events, AskEvent::Serial { program, generated }).await?;

        let distributed = self.parallelize(&serial)?;
        let program = distributed.source.clone();
        tell(&events, AskEvent::Distributed(distributed)).await?;

        if question.compare {
            self.ask_both_ways(serial, program, question.inputs, events)
                .await
        } else {
            self.ask_once(program, question, events).await
        }
    }

    /// A serial program for the query, checked against the functions on offer.
    pub async fn generate(
        &self,
        query: &str,
        inputs: &[TaskInput],
    ) -> Result<Generated, EngineError> {
        let inputs = inputs.iter().map(Into::into).collect();
        let written = write_program(self.language_model(), self.catalog(), query, inputs).await;
        let spent = match &written {
            Ok(generated) => generated.usage.as_slice(),
            // Attempts that came to nothing were paid for too.
            Err(EngineError::Generate(GenerateError::NotValid { usage, .. })) => usage,
            Err(_) => &[],
        };
        for usage in spent {
            self.runtime().record_usage(usage.clone());
        }
        written
    }

    /// The same answer, with its calls overlapping.
    pub fn parallelize(&self, serial: &str) -> Result<Distributed, EngineError> {
        let options = dice_parallelize::Options {
            strict_effects: self.strict_effects(),
            ..dice_parallelize::Options::default()
        };
        let distributed = dice_parallelize::parallelize(serial, self.catalog(), &options);
        distributed.map_err(|diagnostics| EngineError::Parallelize {
            program: serial.to_owned(),
            diagnostics,
        })
    }

    async fn ask_once(
        self: &Arc<Self>,
        source: String,
        question: Question,
        events: Events<AskEvent>,
    ) -> Result<(), EngineError> {
        let run = NewRun {
            source,
            filename: FILENAME.to_owned(),
            form: ProgramForm::Distributed,
            inputs: question.inputs,
            tenant: dice_model::Tenant::default(),
            deadline: question.deadline,
            budget: question.budget,
            memo: true,
        };
        let task = self.submit(run).await?;
        let abandoned = self.cancelled_unless_ended(task);
        tell(&events, AskEvent::Running(Stage::Distributed, task)).await?;
        let mut followed = self.follow(task).await?;
        while let Some(event) = followed.next().await {
            let event = match event {
                RunEvent::Output(stream, text) => {
                    AskEvent::Output(Stage::Distributed, stream, text)
                }
                RunEvent::Lost(error) => return Err(error),
                RunEvent::Ended(_) => AskEvent::Answered(Box::new(self.report(task).await?)),
            };
            tell(&events, event).await?;
        }
        abandoned.disarm();
        Ok(())
    }

    async fn ask_both_ways(
        self: &Arc<Self>,
        serial: String,
        distributed: String,
        inputs: Vec<TaskInput>,
        events: Events<AskEvent>,
    ) -> Result<(), EngineError> {
        let filename = FILENAME.to_owned();
        let pair = Pair {
            serial,
            distributed,
            filename,
            inputs,
        };
        let (sender, mut receiver) = mpsc::channel(1);
        let passing_on = async {
            while let Some(event) = receiver.recv().await {
                let event = match event {
                    CompareEvent::Running(stage, task) => AskEvent::Running(stage, task),
                    CompareEvent::Output(stage, stream, text) => {
                        AskEvent::Output(stage, stream, text)
                    }
                    CompareEvent::Compared(comparison) => AskEvent::Compared(comparison),
                };
                tell(&events, event).await?;
            }
            Ok(())
        };
        tokio::try_join!(self.compare(pair, sender), passing_on).map(drop)
    }
}

/// A serial program that answers `query` with the functions of `catalog`.
pub async fn write_program(
    model: &dyn Llm,
    catalog: &Catalog,
    query: &str,
    inputs: Vec<Input>,
) -> Result<Generated, EngineError> {
    let text = query.to_owned();
    let query = Query { text, inputs };
    let options = dice_codegen::Options::default();
    Ok(dice_codegen::generate(model, &query, catalog, &options).await?)
}

/// The program, or that there can be none.
pub fn program_of(generated: &Generated) -> Result<String, EngineError> {
    match &generated.outcome {
        Outcome::Program { source, .. } => Ok(source.clone()),
        Outcome::CannotAnswer { reason } => Err(EngineError::CannotAnswer {
            reason: reason.clone(),
            author: generated.source.label(),
        }),
    }
}
