//! The sentence with its named inputs, and what makes two of them the same.

use dice_catalog::Type;
use dice_model::InputKind;
use dice_program::Input;
use dice_program::compact::is_object;

/// What a person asks about their data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    pub inputs: Vec<Input>,
}

impl Query {
    /// The text with its blanks evened out: a line break more does not make another query.
    pub fn normal_text(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// `accident_scene.jpg: image`, sorted.
    pub fn input_lines(&self) -> Vec<String> {
        let lines = self.inputs.iter();
        let mut lines: Vec<_> = lines
            .map(|input| format!("{}: {}", input.name, kind_word(input.kind)))
            .collect();
        lines.sort();
        lines
    }
}

pub(crate) const fn kind_word(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Image => "image",
        InputKind::Text => "text",
        InputKind::Json => "json",
        InputKind::Csv => "csv",
        InputKind::Bytes => "bytes",
    }
}

/// A type with the fields of its records.
pub(crate) fn spelled_out(kind: &Type) -> String {
    match kind {
        Type::List(item) => format!("list of {}", spelled_out(item)),
        Type::Map(item) if **item != Type::Any => format!("object of {}", spelled_out(item)),
        Type::Union(kinds) => kinds
            .iter()
            .map(spelled_out)
            .collect::<Vec<_>>()
            .join(" or "),
        Type::Record { fields, .. } => {
            let fields = fields.iter().map(|field| {
                let optional = if field.required { "" } else { "?" };
                format!("{}{optional}: {}", field.name, spelled_out(&field.kind))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// As [`spelled_out`], with boxes as what they are in the compact form: objects.
pub(crate) fn compact_words(kind: &Type) -> String {
    match kind {
        Type::List(item) if is_object(item) => "list of objects".to_owned(),
        Type::List(item) => format!("list of {}", compact_words(item)),
        kind if is_object(kind) => "object".to_owned(),
        other => spelled_out(other),
    }
}
