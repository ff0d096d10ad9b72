//! Which variables' objects get into other hands: stored, passed on, returned. Looking something up in an
//! object, walking along it, comparing or printing it, and calling its own methods hand nothing on.

use std::collections::HashSet;

use dice_program::CallSites;
use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Comprehension, Expr, ExprCall, ExprContext, Stmt};

use super::known;

pub(crate) struct Handed<'a, 'w> {
    pub(crate) names: HashSet<&'a str>,
    sites: &'w CallSites<'a>,
    /// Is changing the object counted as well?
    changes: bool,
}

impl<'a, 'w> Handed<'a, 'w> {
    pub(crate) fn new(sites: &'w CallSites<'a>, changes: bool) -> Self {
        Self {
            names: HashSet::new(),
            sites,
            changes,
        }
    }

    fn look(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(_) => {}
            Expr::Starred(starred) => self.look(&starred.value),
            Expr::BoolOp(operation) => operation.values.iter().for_each(|value| self.look(value)),
            Expr::UnaryOp(operation) => self.look(&operation.operand),
            Expr::Call(call) if is_view(call) => {
                if let Expr::Attribute(attribute) = &*call.func {
                    self.look(&attribute.value);
                }
                self.look_at_all(call);
            }
            _ => self.visit_expr(expression),
        }
    }

    fn look_at_all(&mut self, call: &'a ExprCall) {
        call.arguments
            .args
            .iter()
            .for_each(|value| self.look(value));
        for keyword in &call.arguments.keywords {
            self.look(&keyword.value);
        }
    }

    fn call(&mut self, call: &'a ExprCall) {
        if self.sites.is_hermod_call(&call.func) {
            return self.look_at_all(call); // arguments are copied (H1)
        }
        match &*call.func {
            // A view of it is as good as itself, for whoever keeps it.
            _ if is_view(call) => {
                self.visit_arguments(&call.arguments);
                if let Expr::Attribute(attribute) = &*call.func {
                    self.visit_expr(&attribute.value);
                }
            }
            Expr::Name(name) if looks(name.id.as_str()) => self.look_at_all(call),
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                let changes = known::is_mutating_method(name) && !self.changes;
                if known::is_looking_method(name) || known::is_fresh_method(name) {
                    self.look(&attribute.value);
                    self.look_at_all(call);
                } else if changes {
                    self.look(&attribute.value);
                    self.visit_arguments(&call.arguments);
                } else {
                    self.visit_expr(&attribute.value);
                    self.visit_arguments(&call.arguments);
                }
            }
            _ => {
                self.visit_expr(&call.func);
                self.visit_arguments(&call.arguments);
            }
        }
    }
}

/// `prices.items()`, `enumerate(labels)`: they show what is in there when somebody looks.
fn is_view(call: &ExprCall) -> bool {
    match &*call.func {
        Expr::Name(name) => {
            known::is_iterator_builtin(name.id.as_str())
                || matches!(name.id.as_str(), "map" | "filter" | "iter")
        }
        Expr::Attribute(attribute) => {
            matches!(attribute.attr.as_str(), "keys" | "values" | "items")
        }
        _ => false,
    }
}

/// `len(labels)`, `sorted(labels)`, `print(labels)`: neither keeps it nor changes it.
fn looks(name: &str) -> bool {
    known::is_scalar_builtin(name)
        || known::is_container_builtin(name)
        || known::is_iterator_builtin(name)
        || known::is_choosing_builtin(name)
        || name == "print"
}

impl<'a> Visitor<'a> for Handed<'a, '_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::For(each) => {
                self.look(&each.iter);
                self.visit_expr(&each.target);
                self.visit_body(&each.body);
                self.visit_body(&each.orelse);
            }
            Stmt::If(branch) => {
                self.look(&branch.test);
                self.visit_body(&branch.body);
                for clause in &branch.elif_else_clauses {
                    clause.test.iter().for_each(|test| self.look(test));
                    self.visit_body(&clause.body);
                }
            }
            Stmt::While(repeat) => {
                self.look(&repeat.test);
                self.visit_body(&repeat.body);
                self.visit_body(&repeat.orelse);
            }
            Stmt::Expr(expression) => self.look(&expression.value),
            Stmt::AugAssign(assign) => {
                self.visit_expr(&assign.target);
                self.look(&assign.value);
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                if matches!(name.ctx, ExprContext::Load) {
                    self.names.insert(name.id.as_str());
                }
            }
            Expr::Subscript(subscript) => {
                let loads = matches!(subscript.ctx, ExprContext::Load);
                match loads || !self.changes {
                    true => self.look(&subscript.value),
                    false => self.visit_expr(&subscript.value),
                }
                self.look(&subscript.slice);
            }
            Expr::Attribute(attribute) => {
                let loads = matches!(attribute.ctx, ExprContext::Load);
                match loads || !self.changes {
                    true => self.look(&attribute.value),
                    false => self.visit_expr(&attribute.value),
                }
            }
            Expr::Compare(compare) => {
                self.look(&compare.left);
                compare.comparators.iter().for_each(|side| self.look(side));
            }
            Expr::BinOp(operation) => {
                self.look(&operation.left);
                self.look(&operation.right);
            }
            Expr::If(choice) => {
                self.look(&choice.test);
                self.visit_expr(&choice.body);
                self.visit_expr(&choice.orelse);
            }
            Expr::Call(call) => self.call(call),
            Expr::Await(wait) => self.visit_expr(&wait.value),
            _ => visitor::walk_expr(self, expression),
        }
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.look(&comprehension.iter);
        comprehension.ifs.iter().for_each(|test| self.look(test));
    }

    fn visit_interpolated_string_element(
        &mut self,
        element: &'a dice_program::ast::InterpolatedStringElement,
    ) {
        if let dice_program::ast::InterpolatedStringElement::Interpolation(part) = element {
            self.look(&part.expression);
            let nested = part
                .format_spec
                .iter()
                .flat_map(|spec| spec.elements.iter());
            nested.for_each(|element| self.visit_interpolated_string_element(element));
        }
    }
}
