//! The frame of the expanded program: imports, helpers, `main` and its inputs.

use std::collections::HashSet;

use dice_model::InputKind;

use super::{HelperNames, Helpers};
use crate::ast::{Expr, Ranged, Stmt, StmtFunctionDef};
use crate::check::Input;
use crate::diagnostic::Diagnostic;
use crate::edit::Edit;
use crate::parse::Parsed;

/// A parameter of `answer` and the input that it is.
#[derive(Debug)]
pub(super) struct Bound<'i> {
    pub(super) name: String,
    pub(super) input: &'i Input,
}

/// What a compact program calls these inputs, in their order: `image` for the only image, else after the
/// file: `street` for `street.jpg`.
pub fn parameter_names(inputs: &[Input]) -> Vec<String> {
    let mut taken = HashSet::new();
    let names = inputs.iter().map(|input| {
        let alone = inputs
            .iter()
            .filter(|other| other.kind == input.kind)
            .count()
            == 1;
        let wished = if alone {
            kind_name(input.kind).to_owned()
        } else {
            from_file(&input.name)
        };
        let mut name = wished.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{wished}_{number}");
            number += 1;
        }
        name
    });
    names.collect()
}

const fn kind_name(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Image => "image",
        InputKind::Text => "text",
        InputKind::Json => "data",
        InputKind::Csv => "rows",
        InputKind::Bytes => "content",
    }
}

fn from_file(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let letters = stem.chars().map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            '_'
        }
    });
    let name: String = letters.collect();
    let name = name.trim_matches('_');
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("input_{name}")
    } else {
        name.to_owned()
    }
}

/// Parameters are inputs by their names, else by their order.
pub(super) fn bind_inputs<'i>(
    answer: &StmtFunctionDef,
    inputs: &'i [Input],
) -> Result<Vec<Bound<'i>>, Diagnostic> {
    let names = parameter_names(inputs);
    let parameters: Vec<&str> = answer
        .parameters
        .iter()
        .map(|one| one.name().as_str())
        .collect();
    let by_name = |parameter: &str| names.iter().position(|name| name == parameter);
    let known = parameters
        .iter()
        .all(|parameter| by_name(parameter).is_some());
    if !known && parameters.len() != inputs.len() {
        let message = format!(
            "`answer` has {} parameters, and there are {} inputs",
            parameters.len(),
            inputs.len()
        );
        let wanted = format!("write `def answer({}):`", names.join(", "));
        let found = Diagnostic::error("wrong-parameters", answer.parameters.range(), message);
        return Err(found.hint(wanted));
    }
    let bound = parameters
        .iter()
        .enumerate()
        .map(|(position, parameter)| Bound {
            name: (*parameter).to_owned(),
            input: &inputs[if known {
                by_name(parameter).unwrap_or(position)
            } else {
                position
            }],
        });
    Ok(bound.collect())
}

/// All edits: those within `answer`, and the frame around it.
pub(super) fn edits(
    parsed: &Parsed,
    answer: &StmtFunctionDef,
    inputs: &[Bound<'_>],
    helpers: Helpers,
    names: &HelperNames,
    inner: Vec<Edit>,
) -> Vec<Edit> {
    let source = parsed.source();
    let start = answer.start().to_usize();
    let before = source[..start].trim();
    let mut head = String::from("import asyncio\n\nimport hermod\n");
    if inputs
        .iter()
        .any(|bound| bound.input.kind == InputKind::Image)
    {
        head.push_str("from PIL import Image\n");
    }
    if !before.is_empty() {
        head.push_str(&format!("\n{before}\n"));
    }
    head.push_str(&helper_texts(helpers, names));
    head.push_str("\n\nasync def main():");
    let (header_end, indent, own_line) = body_place(parsed, answer);
    let openings: Vec<String> = inputs.iter().map(opening).collect();
    for opening in &openings {
        head.push_str(&format!("\n{indent}{opening}"));
    }
    if !own_line {
        head.push_str(&format!("\n{indent}"));
    }
    let mut edits = vec![Edit {
        start: 0,
        end: header_end,
        text: head,
    }];
    edits.extend(inner);
    let end = answer.end().to_usize();
    let rest = parsed
        .body()
        .iter()
        .filter(|statement| statement.start().to_usize() >= end);
    let rest: Vec<&str> = rest
        .filter(|statement| !calls_answer(statement))
        .map(|one| parsed.text(one))
        .collect();
    let mut tail = String::from("\n\n\n");
    for statement in rest {
        tail.push_str(&format!("{statement}\n\n\n"));
    }
    tail.push_str("asyncio.run(main())\n");
    edits.push(Edit {
        start: end,
        end: source.len(),
        text: tail,
    });
    edits
}

/// Where the header ends, how its body is indented, and whether that begins on a line of its own.
fn body_place(parsed: &Parsed, answer: &StmtFunctionDef) -> (usize, String, bool) {
    let source = parsed.source();
    let after = answer
        .returns
        .as_ref()
        .map_or(answer.parameters.end(), |kind| kind.end())
        .to_usize();
    let colon = source[after..].find(':').map_or(after, |at| after + at + 1);
    let first = answer
        .body
        .first()
        .map_or(colon, |statement| statement.start().to_usize());
    let line = source[..first].rfind('\n').map_or(0, |at| at + 1);
    if line <= colon {
        let blank = source[colon..first].len();
        return (colon + blank, "    ".to_owned(), false);
    }
    (colon, source[line..first].to_owned(), true)
}

fn opening(bound: &Bound<'_>) -> String {
    let (name, file) = (
        &bound.name,
        serde_json::Value::from(bound.input.name.as_str()),
    );
    match bound.input.kind {
        InputKind::Image => format!("{name} = Image.open({file})"),
        InputKind::Text => format!("{name} = open({file}).read()"),
        InputKind::Bytes => format!("{name} = open({file}, \"rb\").read()"),
        InputKind::Json | InputKind::Csv => format!("{name} = hermod.input({file})"),
    }
}

fn calls_answer(statement: &Stmt) -> bool {
    let Stmt::Expr(statement) = statement else {
        return false;
    };
    let Expr::Call(call) = &*statement.value else {
        return false;
    };
    call.func
        .as_name_expr()
        .is_some_and(|name| name.id.as_str() == "answer")
}

fn helper_texts(helpers: Helpers, names: &HelperNames) -> String {
    let HelperNames {
        crop,
        with_images,
        as_image,
    } = names;
    let mut text = String::new();
    if helpers.crop || helpers.with_images {
        text.push_str(&format!(
            "\n\ndef {crop}(image, box):\n    return image.crop((box[\"x\"], box[\"y\"], box[\"x\"] + box[\"width\"], box[\"y\"] + box[\"height\"]))\n"
        ));
    }
    if helpers.with_images {
        text.push_str(&format!(
            "\n\ndef {with_images}(image, found):\n    \
             # Each object with the part of the image that it takes.\n    \
             if isinstance(found, list):\n        \
             return [{with_images}(image, one) for one in found]\n    \
             if isinstance(found, dict):\n        \
             found = {{name: {with_images}(image, value) for name, value in found.items()}}\n        \
             if \"width\" in found and \"height\" in found:\n            \
             found[\"image\"] = {crop}(image, found)\n    \
             return found\n"
        ));
    }
    if helpers.as_image {
        text.push_str(&format!(
            "\n\ndef {as_image}(thing):\n    return thing[\"image\"] if isinstance(thing, dict) else thing\n"
        ));
    }
    text
}
