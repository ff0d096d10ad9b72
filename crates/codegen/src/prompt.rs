//! Prompts, from the templates in `prompts/`. A catalog's documentation and a person's query are data
//! in them: delimited, and unable to close their delimiters.

use std::sync::LazyLock;

use dice_catalog::Catalog;
use dice_program::compact::{parameter_names, stands_for};
use dice_program::{Diagnostic, Lines};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value as Jinja, context};

use crate::distribute::Problems;
use crate::form::Form;
use crate::llm::{Message, Purpose, Request, Role};
use crate::query::{Query, compact_words, kind_word, spelled_out};

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.expect("the delimiters are the default ones"));
    environment.add_filter("data", data);
    for (name, text) in [
        ("system", include_str!("../prompts/system.md.j2")),
        ("request", include_str!("../prompts/request.md.j2")),
        ("repair", include_str!("../prompts/repair.md.j2")),
        (
            "compact_system",
            include_str!("../prompts/compact_system.md.j2"),
        ),
        (
            "compact_request",
            include_str!("../prompts/compact_request.md.j2"),
        ),
        (
            "distribute_system",
            include_str!("../prompts/distribute_system.md.j2"),
        ),
        ("distribute", include_str!("../prompts/distribute.md.j2")),
        (
            "distribute_repair",
            include_str!("../prompts/distribute_repair.md.j2"),
        ),
    ] {
        let added = environment.add_template(name, text);
        added.expect("templates are part of the program and tested");
    }
    environment
});

/// Text that cannot end the element that holds it.
fn data(text: &str) -> String {
    text.trim().replace("</", "<\\/")
}

/// The first attempt's request.
pub fn request(query: &Query, catalog: &Catalog, form: Form) -> Request {
    let user = render(request_template(form), query_context(query));
    with_messages(query, catalog, 0, form, user)
}

/// A fresh turn with the request, the attempt and what is wrong with it: shorter than the whole
/// conversation, and small models do better with it.
pub fn repair_request(
    query: &Query,
    catalog: &Catalog,
    round: u32,
    form: Form,
    attempt: &Attempt<'_>,
) -> Request {
    let request = render(request_template(form), query_context(query));
    let problems = problems_context(attempt.checked, attempt.diagnostics);
    let program = attempt.written;
    let user = render("repair", context! { request, program, problems });
    with_messages(query, catalog, round, form, user)
}

/// A program that is sent back.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// As the model wrote it.
    pub written: &'a str,
    /// What the diagnostics are about: the same, or its expansion.
    pub checked: &'a str,
    pub diagnostics: &'a [Diagnostic],
}

const fn request_template(form: Form) -> &'static str {
    match form {
        Form::Full => "request",
        Form::Compact => "compact_request",
    }
}

/// The request for the distributed form of `serial`.
pub fn distribute_request(serial: &str, catalog: &Catalog) -> Request {
    to_distribute(
        serial,
        catalog,
        0,
        render("distribute", context! { serial }),
    )
}

/// A fresh turn with both programs and what is wrong with the second.
pub fn distribute_repair_request(
    serial: &str,
    catalog: &Catalog,
    round: u32,
    program: &str,
    problems: &Problems,
) -> Request {
    let (diagnostics, counterexample) = match problems {
        Problems::Diagnostics(found) => (problems_context(program, found), None),
        Problems::Counterexample(text) => (Jinja::from(Vec::<Jinja>::new()), Some(text)),
    };
    let context = context! { serial, program, problems => diagnostics, counterexample };
    to_distribute(serial, catalog, round, render("distribute_repair", context))
}

fn problems_context(program: &str, diagnostics: &[Diagnostic]) -> Jinja {
    let lines = Lines::new(program);
    let problems = diagnostics.iter().map(|found| {
        let at = lines.locate(found.start);
        context! {
            line => at.line,
            text => lines.text(at.line).unwrap_or_default().trim(),
            message => &found.message,
            hint => &found.hint,
        }
    });
    problems.collect::<Vec<_>>().into()
}

fn with_messages(
    query: &Query,
    catalog: &Catalog,
    round: u32,
    form: Form,
    user: String,
) -> Request {
    let system = match form {
        Form::Full => "system",
        Form::Compact => "compact_system",
    };
    let purpose = Purpose::Write(query.clone());
    two_messages(system, user, purpose, catalog, round)
}

fn to_distribute(serial: &str, catalog: &Catalog, round: u32, user: String) -> Request {
    let serial = serial.to_owned();
    let purpose = Purpose::Distribute { serial };
    two_messages("distribute_system", user, purpose, catalog, round)
}

fn two_messages(
    system: &str,
    user: String,
    purpose: Purpose,
    catalog: &Catalog,
    round: u32,
) -> Request {
    let message = |role, text| Message { role, text };
    Request {
        messages: vec![
            message(Role::System, render(system, catalog_context(catalog))),
            message(Role::User, user),
        ],
        purpose,
        catalog: catalog.clone(),
        round,
    }
}

fn query_context(query: &Query) -> Jinja {
    let names = parameter_names(&query.inputs);
    let inputs = query.inputs.iter().zip(&names).map(|(input, parameter)| {
        context! { name => &input.name, kind => kind_word(input.kind), parameter }
    });
    context! {
        query => &query.text,
        inputs => inputs.collect::<Vec<_>>(),
        parameters => names.join(", "),
    }
}

fn catalog_context(catalog: &Catalog) -> Jinja {
    let functions = catalog.iter().map(|entry| {
        let parameters = entry.parameters.iter().map(|parameter| {
            let default = parameter.default.as_ref().map(dice_model::Value::canonical);
            context! {
                name => &parameter.name,
                kind => spelled_out(&parameter.kind),
                required => parameter.required,
                default,
            }
        });
        context! {
            name => entry.name(),
            parameters => parameters.collect::<Vec<_>>(),
            result => spelled_out(&entry.result),
            compact_result => compact_words(stands_for(&entry.result)),
            effect => entry.spec.effect.word(),
            documentation => &entry.documentation,
        }
    });
    context! { functions => functions.collect::<Vec<_>>() }
}

fn render(name: &str, context: Jinja) -> String {
    let template = TEMPLATES.get_template(name).expect("added above");
    template
        .render(context)
        .expect("templates use only what they are given")
}
