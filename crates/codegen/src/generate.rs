//! From query to checked program: ask, extract, check, and at most two rounds of repair.

use std::collections::HashSet;

use dice_catalog::Catalog;
use dice_model::Usage;
use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, TextRange};
use dice_program::compact::expand;
use dice_program::{CheckOptions, Diagnostic, Input, Parsed, Severity, check};

use crate::extract::{Extracted, extract};
use crate::form::Form;
use crate::llm::{Answer, AnswerSource, Llm, LlmError};
use crate::prompt::{Attempt, repair_request, request};
use crate::query::Query;

#[derive(Debug, Clone)]
pub struct Options {
    /// Rounds of diagnostics that go back to the model after the first attempt.
    pub repair_rounds: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { repair_rounds: 2 }
    }
}

#[derive(Debug, Clone)]
pub struct Generated {
    pub outcome: Outcome,
    /// Of the last answer.
    pub source: AnswerSource,
    /// Every attempt, the last one included.
    pub rounds: Vec<Round>,
    /// A line for the ledger per answer that cost tokens.
    pub usage: Vec<Usage>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A serial program without errors.
    Program {
        source: String,
        /// What the check found short of an error.
        warnings: Vec<Diagnostic>,
    },
    /// The model says that the functions on offer cannot do it.
    CannotAnswer { reason: String },
}

/// One attempt and what the check found in it.
#[derive(Debug, Clone)]
pub struct Round {
    pub answer: Answer,
    /// The serial program, or what could not be expanded into one; empty if the answer had none.
    pub program: String,
    /// What the model wrote, where `program` is its expansion.
    pub compact: Option<String>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    #[error(transparent)]
    Llm(#[from] LlmError),
    #[error("no functions are on offer; start some with --functions DIR")]
    NoFunctions,
    #[error("the query is empty")]
    EmptyQuery,
    /// The rounds are used up. `program` is the last attempt, empty if there was none.
    #[error("no valid program after {} attempts; the last one has {} problems", rounds.len(), diagnostics.len())]
    NotValid {
        program: String,
        diagnostics: Vec<Diagnostic>,
        rounds: Vec<Round>,
        usage: Vec<Usage>,
    },
}

/// Asks `llm` for a program that answers `query` with the functions of `catalog`.
pub async fn generate(
    llm: &dyn Llm,
    query: &Query,
    catalog: &Catalog,
    options: &Options,
) -> Result<Generated, GenerateError> {
    if query.text.trim().is_empty() {
        return Err(GenerateError::EmptyQuery);
    }
    if catalog.is_empty() {
        return Err(GenerateError::NoFunctions);
    }
    let mut rounds: Vec<Round> = Vec::new();
    let form = llm.form();
    let mut ask = request(query, catalog, form);
    loop {
        let answer = match llm.complete(&ask).await {
            Ok(answer) => answer,
            // What is wrong with the recorded program says more than that nobody repairs it.
            Err(LlmError::NotRecorded(_)) if ask.round > 0 => return Err(not_valid(rounds)),
            Err(error) => return Err(error.into()),
        };
        let source = answer.source.clone();
        let (round, outcome) = judge(answer, query, catalog, form);
        rounds.push(round);
        if let Some(outcome) = outcome {
            let usage = usage_of(&rounds);
            return Ok(Generated {
                outcome,
                source,
                rounds,
                usage,
            });
        }
        if ask.round == options.repair_rounds {
            return Err(not_valid(rounds));
        }
        let last = rounds.last().expect("one was just pushed");
        tracing::debug!(
            round = ask.round,
            problems = last.diagnostics.len(),
            "asking for a repair"
        );
        let attempt = Attempt {
            written: last.compact.as_deref().unwrap_or(&last.program),
            checked: &last.program,
            diagnostics: &errors(&last.diagnostics),
        };
        ask = repair_request(query, catalog, ask.round + 1, form, &attempt);
    }
}

fn not_valid(rounds: Vec<Round>) -> GenerateError {
    let last = rounds.last().expect("at least one attempt was made");
    GenerateError::NotValid {
        program: last.program.clone(),
        diagnostics: last.diagnostics.clone(),
        usage: usage_of(&rounds),
        rounds,
    }
}

fn judge(answer: Answer, query: &Query, catalog: &Catalog, form: Form) -> (Round, Option<Outcome>) {
    let extracted = extract(&answer.text);
    let mut round = Round {
        answer,
        program: String::new(),
        compact: None,
        diagnostics: Vec::new(),
    };
    let outcome = match extracted {
        Extracted::CannotAnswer(reason) => Some(Outcome::CannotAnswer { reason }),
        Extracted::Nothing => {
            round.diagnostics.push(no_program());
            None
        }
        Extracted::Program(program) => {
            judge_program(&mut round, program, query, catalog, form);
            (!dice_program::has_errors(&round.diagnostics)).then(|| Outcome::Program {
                source: round.program.clone(),
                warnings: round.diagnostics.clone(),
            })
        }
    };
    (round, outcome)
}

/// A model that was asked for the compact form may still write the serial program itself.
fn judge_program(round: &mut Round, program: String, query: &Query, catalog: &Catalog, form: Form) {
    if form == Form::Compact && !program.contains("hermod") {
        match expand(&program, catalog, &query.inputs) {
            Ok(serial) => {
                round.diagnostics = findings(&serial, query, catalog);
                round.program = serial;
                round.compact = Some(program);
            }
            Err(problems) => {
                round.diagnostics = problems;
                round.program = program;
            }
        }
    } else {
        round.diagnostics = findings(&program, query, catalog);
        round.program = program;
    }
}

/// The program check, and what only a generated program must do.
fn findings(program: &str, query: &Query, catalog: &Catalog) -> Vec<Diagnostic> {
    let options = CheckOptions {
        inputs: Some(query.inputs.clone()),
    };
    let mut found = check(program, catalog, &options);
    let parsed = dice_program::parse(program);
    if parsed.is_valid() {
        found.extend(calls_nothing(&parsed));
        found.extend(reads_nothing(&parsed, query));
    }
    found
}

fn calls_nothing(parsed: &Parsed) -> Option<Diagnostic> {
    let message = "the program calls no function";
    let hint = "use `await hermod.call(\"NAME\", …)`, or answer `Cannot answer: ` and the reason";
    let none = dice_program::find_calls(parsed).calls.is_empty();
    none.then(|| Diagnostic::error("no-call", TextRange::default(), message).hint(hint))
}

/// A program reads its inputs by their names (V4): one that names none is about something else.
fn reads_nothing(parsed: &Parsed, query: &Query) -> Option<Diagnostic> {
    let mut texts = Texts::default();
    texts.visit_body(parsed.body());
    let named = |input: &Input| texts.0.contains(input.name.as_str());
    if query.inputs.is_empty() || query.inputs.iter().any(named) {
        return None;
    }
    let names: Vec<_> = query
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    let message = "the program reads none of its inputs";
    let diagnostic = Diagnostic::error("no-input", TextRange::default(), message);
    Some(diagnostic.hint(format!("inputs: {}", names.join(", "))))
}

/// All text literals of a program.
#[derive(Default)]
struct Texts<'a>(HashSet<&'a str>);

impl<'a> Visitor<'a> for Texts<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::StringLiteral(literal) = expression {
            self.0.insert(literal.value.to_str());
        }
        visitor::walk_expr(self, expression);
    }
}

pub(crate) fn no_program() -> Diagnostic {
    let start = TextRange::default();
    let message = "the answer has no program in a ```python fence";
    Diagnostic::error("no-program", start, message)
}

/// Warnings would only distract from what must be put right.
fn errors(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let found = diagnostics.iter();
    found
        .filter(|found| found.severity == Severity::Error)
        .cloned()
        .collect()
}

fn usage_of(rounds: &[Round]) -> Vec<Usage> {
    rounds
        .iter()
        .filter_map(|round| round.answer.usage())
        .collect()
}
