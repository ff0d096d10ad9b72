//! `try`, `with` and `match` in a slice.

use std::collections::HashSet;

use dice_program::ast::{ExceptHandler, Expr, Ranged, Stmt, StmtMatch, StmtTry, StmtWith};

use super::Slicer;
use super::node::{Branch, Kind, Leave, Node, Try};
use super::slice::{Ended, node};
use crate::effects::{Effects, names_in};

impl<'a> Slicer<'a, '_> {
    /// Handlers run ahead if the body fails in the slice exactly where it fails in the program (A4).
    pub(super) fn attempt(
        &mut self,
        statement: &'a Stmt,
        attempt: &'a StmtTry,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        if attempt.is_star {
            return self.leave_out(statement, out);
        }
        let before = self.unknown.clone();
        let fallible = std::mem::replace(&mut self.fallible, false);
        let stopped = self.stopped.take();
        let mut body = Vec::new();
        let left = self.block(&attempt.body, &mut body);
        let mut orelse = Vec::new();
        let left = left || self.block(&attempt.orelse, &mut orelse);
        let decided = !self.fallible
            && self.stopped.is_none()
            && attempt
                .handlers
                .iter()
                .all(|handler| self.is_ordinary(handler));
        self.fallible |= fallible;
        self.stopped = stopped.max(self.stopped);
        let ended = if attempt.handlers.is_empty() {
            out.append(&mut body);
            left
        } else if decided {
            self.handlers(attempt, before, body, orelse, left, out)
        } else {
            self.unhandled(attempt, body, out)
        };
        let finally = self.block(&attempt.finalbody, out);
        ended || finally
    }

    fn is_ordinary(&self, handler: &'a ExceptHandler) -> bool {
        let ExceptHandler::ExceptHandler(handler) = handler;
        handler.type_.as_deref().is_some_and(catches_only_failures)
    }

    fn handlers(
        &mut self,
        attempt: &'a StmtTry,
        before: HashSet<&'a str>,
        body: Vec<Node<'a>>,
        orelse: Vec<Node<'a>>,
        left: Ended,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let mut after = self.unknown.clone();
        let mut entry = before;
        entry.extend(&after);
        let mut handlers = Vec::new();
        let mut all_left = left;
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            let Some(caught) = &handler.type_ else {
                continue;
            };
            self.unknown.clone_from(&entry);
            let name = handler.name.as_ref().map(|name| name.as_str());
            self.unknown.extend(name);
            let mut handled = Vec::new();
            all_left &= self.block(&handler.body, &mut handled);
            self.unknown.extend(name);
            after.extend(&self.unknown);
            handlers.push((self.code(caught.range()), handled));
        }
        self.unknown = after;
        self.issue_at_once(&body, out);
        let made = Try {
            body,
            handlers,
            orelse,
            decided: true,
        };
        let made = Node::new(Kind::Try(Box::new(made)));
        out.push(made);
        all_left
    }

    /// Whether it fails is not known in the slice: only what its body surely calls is issued.
    fn unhandled(
        &mut self,
        attempt: &'a StmtTry,
        body: Vec<Node<'a>>,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let mut all = Effects::default();
        let handlers = attempt.handlers.iter().map(|handler| {
            let ExceptHandler::ExceptHandler(handler) = handler;
            handler
        });
        let statements = attempt.body.iter().chain(&attempt.orelse);
        for inner in statements.chain(handlers.clone().flat_map(|handler| &handler.body)) {
            all.include(self.facts.of(inner));
        }
        self.forget(&all);
        self.unknown
            .extend(handlers.filter_map(|handler| handler.name.as_ref().map(|name| name.as_str())));
        self.issue(&body, out);
        self.stop(&all, out)
    }

    /// Of several calls in a `try` body, none waits for the success of another (E3).
    fn issue_at_once(&self, body: &[Node<'a>], out: &mut Vec<Node<'a>>) {
        let mut calls = Vec::new();
        let mut sure = body.iter().take_while(|inner| inner.leaves().is_none());
        sure.clone().for_each(|inner| inner.calls(&mut calls));
        let loops = |inner: &Node<'a>| matches!(inner.kind, Kind::For(_) | Kind::While(..));
        if calls.len() > 1 || sure.any(loops) {
            self.issue(body, out);
        }
    }

    /// What the body surely calls, whatever fails.
    fn issue(&self, body: &[Node<'a>], out: &mut Vec<Node<'a>>) {
        let sure = body.iter().take_while(|inner| inner.leaves().is_none());
        let body: Vec<Node<'a>> = sure.cloned().collect();
        if body.iter().any(Node::has_calls) {
            let made = Try {
                body,
                handlers: Vec::new(),
                orelse: Vec::new(),
                decided: false,
            };
            out.push(Node::new(Kind::Try(Box::new(made))));
        }
    }

    /// What a `with` block holds; entering and leaving it is left out.
    pub(super) fn with(
        &mut self,
        statement: &'a Stmt,
        with: &'a StmtWith,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let mut held: HashSet<&'a str> = HashSet::new();
        for item in &with.items {
            let names = names_in(&item.context_expr);
            let decides = !self.is_of_a_library(&item.context_expr);
            if decides || called(&item.context_expr).is_some_and(bounds_time) {
                return self.leave_out(statement, out);
            }
            held.extend(
                names
                    .into_iter()
                    .filter(|name| self.facts.locals.contains(name)),
            );
            if let Some(target) = &item.optional_vars {
                held.extend(
                    names_in(target)
                        .into_iter()
                        .filter(|name| self.facts.locals.contains(name)),
                );
            }
            self.targets(&item.context_expr, out);
        }
        let simple = |expression: &Expr| matches!(expression, Expr::Name(_) | Expr::Attribute(_));
        if !with
            .items
            .iter()
            .all(|item| simple(&item.context_expr) && item.optional_vars.is_none())
        {
            self.smash(&held);
            let bound = with
                .items
                .iter()
                .filter_map(|item| item.optional_vars.as_deref());
            let bound: Vec<&'a str> = bound.flat_map(crate::effects::target_names).collect();
            self.unknown.extend(bound);
        }
        self.fallible = true;
        self.block(&with.body, out)
    }

    /// A manager of the program's own may raise on a test when it is entered (E3), and change anything.
    fn is_of_a_library(&self, manager: &Expr) -> bool {
        let Expr::Call(call) = manager else {
            return false;
        };
        let mut function = &*call.func;
        while let Expr::Attribute(attribute) = function {
            function = &attribute.value;
        }
        let module = self.program.module;
        function.as_name_expr().is_some_and(|name| {
            let name = name.id.as_str();
            !self.facts.locals.contains(name)
                && (module.imports(name) || name == "open" && !module.binds(name))
        })
    }

    pub(super) fn choice(
        &mut self,
        statement: &'a Stmt,
        choice: &'a StmtMatch,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        self.targets(&choice.subject, out);
        let Some(needs) = self.judge(&choice.subject) else {
            return self.leave_out(statement, out);
        };
        let bound: Vec<&'a str> = choice
            .cases
            .iter()
            .flat_map(|case| crate::effects::pattern_names(&case.pattern))
            .collect();
        if !bound.iter().all(|name| self.may_bind(name)) {
            return self.leave_out(statement, out);
        }
        self.bind(bound.iter().copied());
        let before = self.unknown.clone();
        let mut after = before.clone();
        let mut branches = Vec::new();
        let mut made = node(Kind::Leave(Leave::Continue), needs);
        let (mut all_left, mut complete) = (true, false);
        for case in &choice.cases {
            self.unknown.clone_from(&before);
            let mut code = self.code(case.pattern.range());
            if let Some(guard) = &case.guard {
                let Some(needs) = self.judge(guard) else {
                    self.unknown = before;
                    return self.leave_out(statement, out);
                };
                made.reads.extend(needs.reads);
                made.waits.extend(needs.waits);
                code.text.push_str(" if ");
                code.text.push_str(&self.code(guard.range()).text);
            }
            complete |= case.guard.is_none() && case.pattern.is_irrefutable();
            let mut body = Vec::new();
            all_left &= self.block(&case.body, &mut body);
            after.extend(&self.unknown);
            branches.push(Branch {
                test: Some(code),
                body,
            });
        }
        self.unknown = after;
        made.kind = Kind::Match(self.code(choice.subject.range()), branches);
        made.binds.extend(bound);
        out.push(made);
        all_left && complete
    }
}

/// `timeout` in `asyncio.timeout(1)`.
fn called(expression: &Expr) -> Option<&str> {
    match &*expression.as_call_expr()?.func {
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

/// `asyncio.timeout` and its like: what is inside stays in place (A3).
fn bounds_time(name: &str) -> bool {
    [
        "timeout",
        "timeout_at",
        "wait_for",
        "move_on_after",
        "fail_after",
    ]
    .contains(&name)
}

fn catches_only_failures(caught: &Expr) -> bool {
    let name = match caught {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) if attribute.value.is_name_expr() => attribute.attr.as_str(),
        Expr::Tuple(tuple) => return tuple.elts.iter().all(catches_only_failures),
        _ => return false,
    };
    ![
        "BaseException",
        "CancelledError",
        "KeyboardInterrupt",
        "SystemExit",
        "GeneratorExit",
    ]
    .contains(&name)
}
