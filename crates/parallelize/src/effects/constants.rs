//! Variables of the module that never change, and what the text as a whole does with names.

use std::collections::HashSet;

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, ExprContext, Stmt, StmtClassDef};

use super::classes::last_name;
use super::names::target_names;

pub(crate) fn is_literal(expression: &Expr) -> bool {
    match expression {
        Expr::UnaryOp(operation) => is_literal(&operation.operand),
        Expr::BinOp(operation) => is_literal(&operation.left) && is_literal(&operation.right),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_literal),
        _ => expression.is_literal_expr(),
    }
}

/// A container of literals.
pub(super) fn is_flat_display(expression: &Expr) -> bool {
    match expression {
        Expr::List(list) => list.elts.iter().all(is_literal),
        Expr::Set(set) => set.elts.iter().all(is_literal),
        Expr::Dict(dict) => dict
            .items
            .iter()
            .all(|item| item.key.as_ref().is_some_and(is_literal) && is_literal(&item.value)),
        _ => false,
    }
}

/// Facts about the whole text, functions and classes included.
#[derive(Debug, Default)]
pub(super) struct Everywhere<'a> {
    /// Attributes that are assigned to.
    pub(super) stored: HashSet<&'a str>,
    /// Names on which attributes are assigned to, with those attributes.
    pub(super) stored_on: HashSet<(&'a str, &'a str)>,
    /// Attributes that classes share with all their objects, and that are not plain values.
    pub(super) shared: HashSet<&'a str>,
    /// Attributes that classes assign in their bodies, and that stand for those of objects that have none.
    pub(super) of_classes: HashSet<&'a str>,
    /// Uses `setattr` and its like: any attribute may be anything.
    pub(super) reflects: bool,
}

impl<'a> Visitor<'a> for Everywhere<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::ClassDef(class) = statement {
            self.class_attributes(class);
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                let reflecting = matches!(name.id.as_str(), "setattr" | "delattr");
                self.reflects |= reflecting;
            }
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                self.reflects |= matches!(
                    name,
                    "__dict__" | "__class__" | "__setattr__" | "__delattr__"
                );
                if !matches!(attribute.ctx, ExprContext::Load) {
                    self.stored.insert(name);
                    match &*attribute.value {
                        Expr::Name(owner) => {
                            self.stored_on.insert((owner.id.as_str(), name));
                        }
                        // `type(self).count += 1`, or what else a call gives
                        Expr::Call(_) => _ = self.shared.insert(name),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}

impl<'a> Everywhere<'a> {
    /// `items = []` in a class is one list for all its objects.
    fn class_attributes(&mut self, class: &'a StmtClassDef) {
        let mut decorators = class.decorator_list.iter();
        let dataclass = decorators.any(|one| last_name(&one.expression) == Some("dataclass"));
        for statement in &class.body {
            match statement {
                Stmt::Assign(assign) => {
                    for name in assign.targets.iter().flat_map(target_names) {
                        self.of_classes.insert(name);
                        if !is_literal(&assign.value) {
                            self.shared.insert(name);
                        }
                    }
                }
                Stmt::AnnAssign(field) => {
                    let Some(value) = &field.value else {
                        continue;
                    };
                    if !dataclass {
                        self.of_classes.extend(target_names(&field.target));
                    }
                    if !is_literal(value) && last_name(value) != Some("field") {
                        self.shared.extend(target_names(&field.target));
                    }
                }
                _ => {}
            }
        }
    }
}
