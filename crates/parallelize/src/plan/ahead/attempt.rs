//! `try` in a slice. That a call has succeeded is no test for what comes after it (E3): only what a handler
//! does hangs on a failure.

use dice_program::ast::{ExceptHandler, Expr, Ranged, Stmt, StmtTry};

use super::Slicer;
use super::node::{Code, Kind, Leave, Names, Node, Try};
use super::slice::Ended;
use super::threads::carried;
use super::unknown::Unknown;
use crate::effects::{Effects, known, last_name};

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
        let around = self.stopped.take();
        let mut tried = Tried::default();
        tried.left = self.block(&attempt.body, &mut tried.body);
        tried.left = tried.left || self.block(&attempt.orelse, &mut tried.orelse);
        tried.fallible = std::mem::replace(&mut self.fallible, fallible);
        tried.cut = self.stopped.take();
        let both = attempt.body.iter().chain(&attempt.orelse);
        both.for_each(|inner| tried.effects.include(self.facts.of(inner)));
        self.stopped = around;
        let ended = match attempt.handlers.is_empty() || self.guessing.is_some() {
            true => self.unguarded(tried, out),
            false => self.guarded(statement, attempt, before, tried, out),
        };
        let finally = self.block(&attempt.finalbody, out);
        ended || finally
    }

    fn unguarded(&mut self, mut tried: Tried<'a>, out: &mut Vec<Node<'a>>) -> Ended {
        self.fallible |= tried.fallible;
        self.stopped = self.stopped.max(tried.cut);
        out.append(&mut tried.body);
        out.append(&mut tried.orelse); // on a guess: nothing fails
        tried.left
    }

    fn guarded(
        &mut self,
        statement: &'a Stmt,
        attempt: &'a StmtTry,
        before: Unknown<'a>,
        tried: Tried<'a>,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let handlers = || attempt.handlers.iter();
        let whole = tried.cut.is_none() && handlers().all(is_ordinary);
        if whole && !tried.fallible {
            return self.handlers(attempt, before, tried, out);
        }
        self.fallible |= tried.fallible;
        match whole && !tried.decides() && handlers().all(returns) {
            true => self.returning(attempt, tried, out),
            false => self.unhandled(statement, attempt, &tried, out),
        }
    }

    fn handlers(
        &mut self,
        attempt: &'a StmtTry,
        before: Unknown<'a>,
        tried: Tried<'a>,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let mut after = self.unknown.clone();
        let mut entry = before;
        entry.merge(&after);
        let mut handlers = Vec::new();
        let mut all_left = tried.left;
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
            after.merge(&self.unknown);
            handlers.push((self.code(caught.range()), handled));
        }
        self.unknown = after;
        let failures_leave = !tried.decides();
        self.issue_at_once(&tried.body, out);
        let made = Try {
            body: tried.body,
            handlers,
            orelse: tried.orelse,
            decided: true,
            failures_leave,
        };
        let made = Node::new(Kind::Try(Box::new(made)));
        out.push(made);
        all_left
    }

    /// What comes after it runs if its body succeeds, which is no test, though it may fail in the program
    /// where the slice does not.
    fn returning(
        &mut self,
        attempt: &'a StmtTry,
        tried: Tried<'a>,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            self.unknown
                .extend(handler.name.as_ref().map(|name| name.as_str()));
        }
        self.issue_at_once(&tried.body, out);
        let caught = Code {
            text: "Exception".to_owned(),
            column: 0,
        };
        let made = Try {
            body: tried.body,
            handlers: vec![(caught, vec![Node::new(Kind::Leave(Leave::Return))])],
            orelse: tried.orelse,
            decided: true,
            failures_leave: true,
        };
        self.withheld = true;
        out.push(Node::new(Kind::Try(Box::new(made))));
        tried.left
    }

    /// Whether it fails is not known in the slice: only what its body surely calls is issued.
    fn unhandled(
        &mut self,
        statement: &'a Stmt,
        attempt: &'a StmtTry,
        tried: &Tried<'a>,
        out: &mut Vec<Node<'a>>,
    ) -> Ended {
        let mut all = tried.effects.clone();
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            handler
                .body
                .iter()
                .for_each(|inner| all.include(self.facts.of(inner)));
            self.unknown
                .extend(handler.name.as_ref().map(|name| name.as_str()));
        }
        self.withheld |= self.handing.is_some(); // a handler may lead past what is handed over
        self.forget(&all);
        let mut body = tried.body.clone();
        body.extend(tried.orelse.iter().cloned());
        self.issue(&body, out);
        // What is raised on a test hangs on it, and so does what its handler does (E3).
        let mut decided = tried.effects.clone();
        if decided.raises {
            let reached = attempt.handlers.iter().filter(|handler| {
                let ExceptHandler::ExceptHandler(handler) = handler;
                let mut raised = tried.effects.raised.iter();
                raised.any(|class| self.may_catch(handler.type_.as_deref(), *class))
            });
            let whole = self.facts.of(statement);
            decided.exits = decided.returns.or(whole.exits.filter(|_| whole.raises));
            for ExceptHandler::ExceptHandler(handler) in reached {
                let inner = handler.body.iter();
                inner.for_each(|inner| decided.include(self.facts.of(inner)));
            }
        }
        self.stop(&decided, out)
    }

    /// May the handler catch what the program raises on a test? A `CallError` nobody raises but calls.
    fn may_catch(&self, caught: Option<&'a Expr>, raised: Option<&'a str>) -> bool {
        let (Some(caught), Some(raised)) = (caught, raised) else {
            return true;
        };
        let module = self.program.module;
        let of_calls = match caught {
            Expr::Attribute(_) => last_name(caught) == Some("CallError"),
            Expr::Name(name) => module.imports("CallError") && name.id == "CallError",
            _ => false,
        };
        let other = match module.classes.named(raised) {
            _ if raised == "CallError" => false,
            Some(class) => {
                let mut line = module.classes.line(class).into_iter();
                line.all(|class| module.classes.get(class).known)
            }
            None => !module.binds(raised) && known::is_builtin_exception(raised),
        };
        !(of_calls && other)
    }

    /// Of several calls in a `try` body, none waits for the success of another (E3).
    fn issue_at_once(&self, body: &[Node<'a>], out: &mut Vec<Node<'a>>) {
        if self.handing.is_some() {
            return; // each is made once
        }
        let mut calls = Vec::new();
        let mut sure = body.iter().take_while(|inner| inner.leaves().is_none());
        let all: Vec<Node<'a>> = sure.clone().cloned().collect();
        if !carried(&all, &Names::new()).is_empty() {
            return; // done twice, it would add twice to what it finds
        }
        sure.clone().for_each(|inner| inner.calls(&mut calls));
        let loops = |inner: &Node<'a>| matches!(inner.kind, Kind::For(_) | Kind::While(..));
        if (calls.len() > 1 || sure.any(loops)) && may_run_twice(body) {
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
                failures_leave: false,
            };
            out.push(Node::new(Kind::Try(Box::new(made))));
        }
    }
}

/// Does nothing in it look at a value that it replaces or changes itself?
fn may_run_twice(body: &[Node<'_>]) -> bool {
    let (mut exposed, mut bound, mut touched) = (Names::new(), Names::new(), Names::new());
    for node in body {
        exposed.extend(node.exposed().difference(&bound));
        bound.extend(node.definite());
        touched.extend(&node.all_binds() | &node.all_changes());
    }
    exposed.is_disjoint(&touched)
}

/// The body of a `try`, and its `else`.
#[derive(Default)]
struct Tried<'a> {
    body: Vec<Node<'a>>,
    orelse: Vec<Node<'a>>,
    /// Does what follows never run?
    left: Ended,
    /// Has anything been left out that may fail?
    fallible: bool,
    /// How an undecided test may leave it.
    cut: Option<Leave>,
    effects: Effects<'a>,
}

impl Tried<'_> {
    /// Does it leave, or raise, by a statement of its own? Else only failures lead elsewhere.
    const fn decides(&self) -> bool {
        let effects = &self.effects;
        effects.raises
            || effects.exits.is_some()
            || effects.breaks.is_some()
            || effects.continues.is_some()
    }
}

fn is_ordinary(handler: &ExceptHandler) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    handler.type_.as_deref().is_some_and(catches_only_failures)
}

fn returns(handler: &ExceptHandler) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    matches!(handler.body.last(), Some(Stmt::Return(_) | Stmt::Raise(_)))
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
