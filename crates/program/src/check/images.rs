//! Images and inputs: `Image.open`, `open`, `hermod.input`, crops.

use dice_model::InputKind;

use super::kind::Kind;
use super::results::is_box_kind;
use super::walker::Walker;
use crate::ast::{Expr, ExprCall, Ranged};
use crate::diagnostic::Diagnostic;

/// Methods that give another image.
const MAKING: [&str; 13] = [
    "convert",
    "copy",
    "crop",
    "effect_spread",
    "filter",
    "getchannel",
    "point",
    "quantize",
    "reduce",
    "resize",
    "rotate",
    "transform",
    "transpose",
];

pub(super) fn attribute(name: &str) -> Kind {
    match name {
        "width" | "height" => Kind::INTEGER,
        "size" => Kind::Tuple(vec![Kind::INTEGER, Kind::INTEGER]),
        "mode" => Kind::TEXT,
        _ => Kind::Unknown,
    }
}

impl<'a> Walker<'a> {
    /// `Image.open(NAME)`.
    pub(super) fn image_open(&mut self, call: &'a ExprCall, arguments: &[Kind]) -> Kind {
        self.input_known(call, arguments, "Image.open", Some(InputKind::Image));
        Kind::IMAGE
    }

    /// `hermod.input(NAME)`.
    pub(super) fn input_named(&mut self, call: &'a ExprCall, arguments: &[Kind]) {
        self.input_known(call, arguments, "hermod.input", None);
    }

    /// `open(NAME)`.
    pub(super) fn open_call(&mut self, call: &'a ExprCall, arguments: &[Kind]) -> Kind {
        let mode = call.arguments.find_argument_value("mode", 1);
        if let Some(Expr::StringLiteral(mode)) = mode
            && mode.value.to_str().contains(['w', 'a', 'x', '+'])
        {
            let message = "programs cannot write files";
            let hint = "print the answer, or give it to hermod.answer(…)";
            self.report_guarded(
                Diagnostic::error("forbidden", call.range(), message)
                    .hint(hint)
                    .rule("S1"),
            );
            return Kind::Unknown;
        }
        self.input_known(call, arguments, "open", None);
        Kind::Unknown
    }

    fn input_known(
        &mut self,
        call: &'a ExprCall,
        arguments: &[Kind],
        opener: &str,
        needed: Option<InputKind>,
    ) {
        let (Some(argument), Some(Kind::Literal(names))) =
            (call.arguments.args.first(), arguments.first())
        else {
            return;
        };
        let Some(inputs) = self.inputs else {
            if let Some(path) = names
                .iter()
                .find(|name| name.starts_with(['/', '~']) || name.contains(".."))
            {
                let message =
                    format!("{opener}: \"{path}\" is a path; a program opens its inputs by name");
                self.report_guarded(
                    Diagnostic::error("unknown-input", argument.range(), message).rule("V4"),
                );
            }
            return;
        };
        // With several possible names, one that is an input may be the only one that comes up.
        let known = |name: &String| inputs.iter().find(|input| input.name == *name);
        if names.iter().any(|name| {
            known(name).is_some_and(|input| needed.is_none_or(|kind| kind == input.kind))
        }) {
            return;
        }
        let Some(name) = names.first() else { return };
        let diagnostic = match known(name) {
            Some(_) => {
                let message = format!("{opener}: the input \"{name}\" is not an image");
                Diagnostic::error("wrong-input", argument.range(), message)
                    .hint("open(NAME) or hermod.input(NAME)")
            }
            None => {
                let all: Vec<_> = inputs.iter().map(|input| input.name.as_str()).collect();
                let message = format!("{opener}: there is no input \"{name}\"");
                let hint = match dice_catalog::closest(name, all.iter().copied()) {
                    Some(closest) => format!("did you mean \"{closest}\"?"),
                    None if all.is_empty() => "there are no inputs".to_owned(),
                    None => format!("inputs: {}", all.join(", ")),
                };
                Diagnostic::error("unknown-input", argument.range(), message).hint(hint)
            }
        };
        self.report_guarded(diagnostic.rule("V4"));
    }

    pub(super) fn image_method(
        &mut self,
        call: &'a ExprCall,
        method: &str,
        arguments: &[Kind],
    ) -> Kind {
        if method == "crop" {
            self.crop(call, arguments);
        }
        if MAKING.contains(&method) {
            Kind::IMAGE
        } else {
            Kind::Unknown
        }
    }

    fn crop(&mut self, call: &'a ExprCall, arguments: &[Kind]) {
        let at = call.arguments.range();
        match (arguments, &*call.arguments.args) {
            ([given], [argument]) if is_box_kind(given) => {
                let text = self.parsed.text(argument);
                let hint = format!(
                    "crop(({text}[\"x\"], {text}[\"y\"], {text}[\"x\"] + {text}[\"width\"], {text}[\"y\"] + {text}[\"height\"]))"
                );
                let message = "crop takes a tuple (left, upper, right, lower), not a box";
                self.report_guarded(Diagnostic::error("bad-crop", at, message).hint(hint));
            }
            ([_, _, _, _], _) => {
                let message =
                    "crop takes one tuple (left, upper, right, lower), not four arguments";
                let hint = format!("crop({})", self.parsed.text(&call.arguments));
                self.report_guarded(Diagnostic::error("bad-crop", at, message).hint(hint));
            }
            ([_], [Expr::Tuple(tuple)]) if is_width_and_height(&tuple.elts) => {
                let message = "the third and fourth of crop's tuple are the right and lower edge, not width and height";
                self.report(
                    Diagnostic::warning("bad-crop", tuple.range(), message)
                        .hint("x + width, y + height"),
                );
            }
            _ => {}
        }
    }
}

/// `(car["x"], car["y"], car["width"], car["height"])`
fn is_width_and_height(parts: &[Expr]) -> bool {
    let field = |part: &Expr| match part {
        Expr::Subscript(subscript) => match &*subscript.slice {
            Expr::StringLiteral(key) => Some(key.value.to_str().to_owned()),
            _ => None,
        },
        _ => None,
    };
    let fields: Option<Vec<_>> = parts.iter().map(field).collect();
    fields.is_some_and(|fields| fields == ["x", "y", "width", "height"])
}
