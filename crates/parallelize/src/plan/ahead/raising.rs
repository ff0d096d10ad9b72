//! What a helper raises on a test of its own, its slice raises too: who awaits it hangs on that (E3).

use dice_program::ast::{Expr, Stmt, StmtRaise};

use super::Slicer;
use super::judge::Use;
use super::node::{Kind, Leave, Node};
use super::slice::{Ended, leave, merge, node};
use crate::effects::known;

impl<'a> Slicer<'a, '_> {
    pub(super) fn raise(&mut self, raise: &'a StmtRaise, out: &mut Vec<Node<'a>>) -> Ended {
        raise.exc.iter().for_each(|value| self.targets(value, out));
        let made = match self.giving {
            true => self.raised(raise),
            false => None,
        };
        let Some((value, needs)) = made else {
            self.withheld = true;
            return leave(Leave::Return, out);
        };
        let code = value.map(|value| self.code(dice_program::ast::Ranged::range(value)));
        out.push(node(Kind::Raise(code), needs));
        true
    }

    /// The exception, if making it once more tells nobody; nothing: the one being handled.
    fn raised(&self, raise: &'a StmtRaise) -> Option<(Option<&'a Expr>, Use<'a>)> {
        let Some(value) = raise.exc.as_deref() else {
            return Some((None, Use::default()));
        };
        let mut needs = Use::default();
        let class = match value {
            Expr::Call(call) => {
                for argument in &call.arguments.args {
                    merge(&mut needs, self.judge(argument)?);
                }
                for keyword in &call.arguments.keywords {
                    merge(&mut needs, self.judge(&keyword.value)?);
                }
                &call.func
            }
            _ => value,
        };
        let name = class.as_name_expr()?.id.as_str();
        self.is_plain_exception(name)
            .then_some((Some(value), needs))
    }

    /// An exception of Python's, or a class of the program that only notes what it is given.
    fn is_plain_exception(&self, name: &str) -> bool {
        let module = self.program.module;
        if self.facts.locals.contains(name) {
            return false;
        }
        if !module.binds(name) {
            return known::is_builtin_exception(name) && name != "StopIteration";
        }
        let Some(class) = module.classes.named(name) else {
            return false;
        };
        let mut line = module.classes.line(class).into_iter();
        line.all(|class| {
            let class = module.classes.get(class);
            class.known && class.node.body.iter().all(only_notes)
        })
    }
}

/// A part of a class that does nothing when an object is made, but store what is at hand.
fn only_notes(statement: &Stmt) -> bool {
    match statement {
        Stmt::FunctionDef(method) if method.name.as_str() == "__init__" => {
            method.body.iter().all(|inner| match inner {
                Stmt::Assign(assign) => {
                    assign.targets.iter().all(is_attribute_of_self) && is_at_hand(&assign.value)
                }
                Stmt::Expr(expression) => match &*expression.value {
                    Expr::Call(call) => {
                        is_init_of_super(&call.func)
                            && call.arguments.args.iter().all(is_at_hand)
                            && call.arguments.keywords.is_empty()
                    }
                    value => value.is_string_literal_expr(),
                },
                _ => false,
            })
        }
        Stmt::FunctionDef(method) => {
            !matches!(method.name.as_str(), "__new__" | "__init_subclass__")
                && method.decorator_list.is_empty()
        }
        Stmt::Pass(_) => true,
        Stmt::Expr(expression) => expression.value.is_literal_expr(),
        _ => false,
    }
}

/// `super().__init__`.
fn is_init_of_super(function: &Expr) -> bool {
    let Expr::Attribute(attribute) = function else {
        return false;
    };
    let of_super = matches!(&*attribute.value, Expr::Call(call)
        if matches!(&*call.func, Expr::Name(name) if name.id == "super") && call.arguments.is_empty());
    of_super && attribute.attr.as_str() == "__init__"
}

fn is_attribute_of_self(target: &Expr) -> bool {
    matches!(target, Expr::Attribute(attribute)
        if matches!(&*attribute.value, Expr::Name(name) if name.id == "self"))
}

/// Names, literals, and texts made of them.
fn is_at_hand(value: &Expr) -> bool {
    use dice_program::ast::InterpolatedStringElement as Element;
    match value {
        Expr::Name(_) => true,
        Expr::FString(text) => text.value.elements().all(|element| match element {
            Element::Interpolation(part) => {
                part.format_spec.is_none() && is_at_hand(&part.expression)
            }
            Element::Literal(_) => true,
        }),
        _ => value.is_literal_expr(),
    }
}
