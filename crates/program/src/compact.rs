//! The compact form: a short program as a small language model writes it well, and its expansion into the
//! ordinary serial program.
//!
//! Functions are called by their names, results with one field are that field, the fields of objects are
//! attributes, and an object that was found in an image can be passed as an image itself:
//!
//! ```python
//! def answer(image):
//!     for car in glip(image=image, object_name="car"):
//!         print(blip(image=car, question="What color is the car?"))
//! ```
//!
//! What expands here has no missing `await`, no wrong field and no missing crop: the types of the catalog
//! say where each belongs. The text between those places stays as it was written, comments included.

mod calls;
mod expressions;
mod images;
mod layout;
mod results;
mod scope;
mod shape;
mod statements;

use std::collections::HashSet;

use dice_catalog::{Catalog, Type};

use crate::ast::{ModModule, Ranged as _, Stmt, StmtFunctionDef, TextRange};
use crate::check::Input;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edit, EditError, apply_edits};
use crate::parse::{Parsed, parse};

pub use layout::parameter_names;
pub use shape::is_box as is_object;

/// What a result is in a compact program: its only field, if it has one only.
pub fn stands_for(result: &Type) -> &Type {
    calls::only_field(result).map_or(result, |field| &field.kind)
}

/// The serial program that a compact one stands for.
pub fn expand(
    source: &str,
    catalog: &Catalog,
    inputs: &[Input],
) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(source);
    if !parsed.is_valid() {
        return Err(parsed.diagnostics);
    }
    let answer = find_answer(parsed.module()).map_err(|found| vec![found])?;
    let names = layout::bind_inputs(answer, inputs).map_err(|found| vec![found])?;
    let by_place = Expansion::of(&parsed, answer, catalog, &names, Objects::ByPlace);
    let expansion = if by_place.needs_images {
        Expansion::of(&parsed, answer, catalog, &names, Objects::WithImages)
    } else {
        by_place
    };
    if !expansion.problems.is_empty() {
        return Err(expansion.problems);
    }
    let (helpers, helper_names) = (expansion.helpers, expansion.names);
    let edits = layout::edits(
        &parsed,
        answer,
        &names,
        helpers,
        &helper_names,
        expansion.edits,
    );
    apply_edits(source, &edits).map_err(|error| vec![not_expanded(answer, &error)])
}

/// How an object leads to the part of the image that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Objects {
    /// Wherever one is passed as an image, it is known in which image it was found: it is cropped there.
    ByPlace,
    /// Each holds its part as a field from the start: objects of several images are mixed.
    WithImages,
}

/// What the expanded program must define.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Helpers {
    crop: bool,
    with_images: bool,
    as_image: bool,
}

/// What the helpers are called: names that the program does not use.
#[derive(Debug)]
struct HelperNames {
    crop: String,
    with_images: String,
    as_image: String,
}

impl HelperNames {
    fn free_in(source: &str) -> Self {
        let words: HashSet<&str> = source
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .collect();
        let free = |name: &str| {
            let mut free = name.to_owned();
            while words.contains(free.as_str()) {
                free.push('_');
            }
            free
        };
        Self {
            crop: free("crop"),
            with_images: free("with_images"),
            as_image: free("as_image"),
        }
    }
}

/// One walk over `answer`: the edits that expand it.
struct Expansion<'a> {
    parsed: &'a Parsed,
    catalog: &'a Catalog,
    objects: Objects,
    scope: scope::Scope,
    edits: Vec<Edit>,
    problems: Vec<Diagnostic>,
    helpers: Helpers,
    names: HelperNames,
    needs_images: bool,
    /// Some call before gives boxes.
    finds_objects: bool,
    /// Quotes of the f-strings around what is walked: what is inserted must not end them.
    quotes: Vec<char>,
    /// How many loops are around what is walked.
    loops: usize,
    /// Within a `lambda` or a nested `def`, where nothing can be awaited.
    no_await: Option<&'static str>,
}

impl<'a> Expansion<'a> {
    fn of(
        parsed: &'a Parsed,
        answer: &'a StmtFunctionDef,
        catalog: &'a Catalog,
        names: &[layout::Bound<'_>],
        objects: Objects,
    ) -> Self {
        let mut expansion = Self {
            parsed,
            catalog,
            objects,
            scope: scope::Scope::default(),
            edits: Vec::new(),
            problems: Vec::new(),
            helpers: Helpers::default(),
            names: HelperNames::free_in(parsed.source()),
            needs_images: false,
            finds_objects: false,
            quotes: Vec::new(),
            loops: 0,
            no_await: None,
        };
        for bound in names {
            expansion
                .scope
                .bind(&bound.name, shape::of_input(bound.input.kind));
        }
        expansion.block(&answer.body);
        expansion.problems.dedup();
        expansion
    }

    fn problem(&mut self, found: Diagnostic) {
        if !self.problems.contains(&found) {
            self.problems.push(found);
        }
    }

    /// A quote that may stand here.
    fn quote(&self) -> char {
        if self.quotes.contains(&'"') {
            '\''
        } else {
            '"'
        }
    }

    fn quoted(&self, text: &str) -> String {
        let quote = self.quote();
        format!("{quote}{text}{quote}")
    }
}

/// Two places of Python that we did not expect within each other.
fn not_expanded(answer: &StmtFunctionDef, error: &EditError) -> Diagnostic {
    let message = format!("this program cannot be expanded: {error}");
    Diagnostic::error("not-expanded", answer.name.range(), message)
        .hint("put what is called inside another call into a variable of its own")
}

fn find_answer(module: &ModModule) -> Result<&StmtFunctionDef, Diagnostic> {
    let answer = module.body.iter().find_map(|statement| match statement {
        Stmt::FunctionDef(function) if function.name.as_str() == "answer" => Some(function),
        _ => None,
    });
    answer.ok_or_else(|| {
        let message = "there is no function `answer`";
        Diagnostic::error("no-answer", TextRange::default(), message).hint(
            "write `def answer(…):` with the inputs as parameters, and print the answer in it",
        )
    })
}
