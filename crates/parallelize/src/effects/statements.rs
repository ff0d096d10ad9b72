//! Effects of statements; a function's facts.

use std::collections::{BTreeSet, HashMap, HashSet};

use dice_program::CallSites;
use dice_program::ast::{
    Comprehension, ExceptHandler, Expr, Ranged, Stmt, StmtFor, StmtFunctionDef, StmtTry, TextRange,
};

use super::expressions::Walker;
use super::module::Module;
use super::{Effects, known, names};
use crate::dependence::{Bindings, Heap};
use crate::functions::Functions;

/// Everything that planning needs to know about one function.
#[derive(Debug)]
pub(crate) struct FunctionFacts<'a> {
    pub(crate) heap: Heap<'a>,
    pub(crate) locals: HashSet<&'a str>,
    pub(crate) parameters: Vec<&'a str>,
    /// Names that nested functions and lambdas of this function read or rebind.
    pub(crate) captured: HashSet<&'a str>,
    pub(crate) whole: Effects<'a>,
    statements: HashMap<TextRange, Effects<'a>>,
    comprehensions: HashMap<TextRange, Effects<'a>>,
}

impl<'a> FunctionFacts<'a> {
    pub(crate) fn of(&self, statement: &Stmt) -> &Effects<'a> {
        self.statements
            .get(&statement.range())
            .expect("every statement of the function was walked")
    }

    /// What a comprehension does per item.
    pub(crate) fn of_comprehension(&self, first: &Comprehension) -> &Effects<'a> {
        self.comprehensions
            .get(&first.range())
            .expect("every comprehension of the function was walked")
    }

    /// May `reads`, moved across `other`, see something else?
    pub(crate) fn disturbs(&self, other: &Effects<'a>, reads: &BTreeSet<&'a str>) -> bool {
        other.binds.iter().any(|name| reads.contains(name)) || self.changes(other, reads)
    }

    /// May `other` change an object that `reads` can see?
    pub(crate) fn changes(&self, other: &Effects<'a>, reads: &BTreeSet<&'a str>) -> bool {
        if other.mutates.is_empty() && other.smashes.is_empty() {
            return false;
        }
        let changed: Vec<usize> = other
            .mutates
            .iter()
            .map(|node| self.heap.same(*node))
            .collect();
        let smashed: Vec<usize> = other
            .smashes
            .iter()
            .flat_map(|node| self.heap.reach(*node))
            .collect();
        reads.iter().any(|name| {
            let seen = self.heap.reach_of_name(name);
            seen.iter()
                .any(|node| changed.contains(node) || smashed.contains(node))
        })
    }

    /// Names through which somebody could notice what this statement changes in place.
    pub(crate) fn witnesses(&self, effects: &Effects<'a>) -> Vec<&'a str> {
        let changed = effects.mutates.iter().chain(&effects.smashes);
        changed
            .flat_map(|node| self.heap.names_reaching(*node).iter().copied())
            .collect()
    }
}

pub(crate) fn analyse_function<'a>(
    function: &'a StmtFunctionDef,
    module: &Module<'a>,
    functions: &Functions,
    sites: &CallSites<'a>,
    bindings: &Bindings<'a>,
) -> FunctionFacts<'a> {
    let parameters = super::parameter_names(&function.parameters);
    let mut locals: HashSet<&'a str> = names::bound_names(&function.body);
    locals.extend(&parameters);
    let mut heap = Heap::default();
    share_parameters(&mut heap, &parameters);
    let mut statements = HashMap::new();
    let mut comprehensions = HashMap::new();
    let scope = function.name.as_str();
    let walker = Walker {
        module,
        functions,
        sites,
        heap: &mut heap,
        locals: &locals,
        bindings,
        scope,
        comprehensions: &mut comprehensions,
        inner: Vec::new(),
    };
    let mut analysis = Analysis {
        walker,
        statements: &mut statements,
    };
    let whole = analysis.block(&function.body);
    let captured = names::captured_names(&function.body);
    FunctionFacts {
        heap,
        locals,
        parameters,
        captured,
        whole,
        statements,
        comprehensions,
    }
}

/// A caller may pass one object twice: all parameters may share everything.
fn share_parameters<'a>(heap: &mut Heap<'a>, parameters: &[&'a str]) {
    let Some((first, others)) = parameters.split_first() else {
        return;
    };
    let first = heap.name(first);
    for other in others {
        let other = heap.name(other);
        heap.unify(first, other);
    }
    heap.collapse(first);
}

struct Analysis<'a, 'w> {
    walker: Walker<'a, 'w>,
    statements: &'w mut HashMap<TextRange, Effects<'a>>,
}

impl<'a> Analysis<'a, '_> {
    fn block(&mut self, statements: &'a [Stmt]) -> Effects<'a> {
        let mut whole = Effects::default();
        for statement in statements {
            let effects = self.exposing(statement);
            let from_outside = effects
                .exposed
                .iter()
                .filter(|name| !whole.definite.contains(*name));
            whole
                .exposed
                .extend(from_outside.copied().collect::<Vec<_>>());
            whole.include(&effects);
            whole
                .definite
                .retain(|name| !effects.unbinds.contains(name));
            whole.definite.extend(&effects.definite);
            self.statements.insert(statement.range(), effects);
        }
        whole
    }

    /// Simple statements read before they bind; compound ones say themselves what they expose.
    fn exposing(&mut self, statement: &'a Stmt) -> Effects<'a> {
        let mut effects = self.statement(statement);
        if !matches!(statement, Stmt::If(_) | Stmt::For(_) | Stmt::Try(_)) {
            effects.exposed = effects.reads.clone();
        }
        effects
    }

    fn statement(&mut self, statement: &'a Stmt) -> Effects<'a> {
        let mut effects = Effects::default();
        let walker = &mut self.walker;
        match statement {
            Stmt::Expr(expression) => {
                walker.value(&expression.value, &mut effects);
            }
            Stmt::Assign(assign) => {
                let value = walker.value(&assign.value, &mut effects);
                for target in &assign.targets {
                    if matches!(target, Expr::Tuple(_) | Expr::List(_))
                        && !assign.value.is_await_expr()
                    {
                        walker.consume(&assign.value, value, &mut effects);
                    }
                    walker.bind(target, value, &mut effects);
                    effects.definite.extend(names::target_names(target));
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let value = walker.value(value, &mut effects);
                    walker.bind(&assign.target, value, &mut effects);
                    effects.definite.extend(names::target_names(&assign.target));
                }
            }
            Stmt::AugAssign(assign) => {
                let old = walker.value(&assign.target, &mut effects);
                let value = walker.value(&assign.value, &mut effects);
                if let (Some(old), Some(value)) = (old, value) {
                    let (held, added) = (walker.heap.inside(old), walker.heap.inside(value));
                    walker.heap.unify(held, added);
                }
                effects.mutates.extend(old);
                walker.bind(&assign.target, None, &mut effects);
            }
            Stmt::Return(give) => {
                if let Some(value) = &give.value {
                    walker.value(value, &mut effects);
                }
                effects.exits = Some(statement.range());
            }
            Stmt::Raise(raise) => {
                for part in [&raise.exc, &raise.cause].into_iter().flatten() {
                    walker.value(part, &mut effects);
                }
                effects.exits = Some(statement.range());
                effects.raises = true;
            }
            Stmt::Assert(assert) => {
                walker.value(&assert.test, &mut effects);
                if let Some(message) = &assert.msg {
                    walker.value(message, &mut effects);
                }
                effects.exits = Some(statement.range());
                effects.raises = true;
            }
            Stmt::Pass(_) => {}
            Stmt::Break(_) => effects.breaks = Some(statement.range()),
            Stmt::Continue(_) => effects.continues = Some(statement.range()),
            Stmt::If(branch) => return self.branches(branch),
            Stmt::For(each) => return self.each(each),
            Stmt::While(_) => return self.repeat(statement),
            Stmt::Try(attempt) => return self.attempt(attempt),
            _ => return self.other(statement),
        }
        effects
    }

    fn branches(&mut self, branch: &'a dice_program::ast::StmtIf) -> Effects<'a> {
        let mut effects = Effects::default();
        self.walker.value(&branch.test, &mut effects);
        effects.exposed = effects.reads.clone();
        let body = self.block(&branch.body);
        effects.exposed.extend(&body.exposed);
        let mut definite = (!leaves(&branch.body)).then(|| body.definite.clone());
        effects.include(&body);
        let mut complete = false;
        for clause in &branch.elif_else_clauses {
            match &clause.test {
                Some(test) => {
                    let mut tested = Effects::default();
                    self.walker.value(test, &mut tested);
                    effects.exposed.extend(&tested.reads);
                    effects.include(&tested);
                }
                None => complete = true,
            }
            let body = self.block(&clause.body);
            effects.exposed.extend(&body.exposed);
            if !leaves(&clause.body) {
                let both = definite.map_or(body.definite.clone(), |one| &one & &body.definite);
                definite = Some(both);
            }
            effects.include(&body);
        }
        if complete {
            effects.definite = definite.unwrap_or_default();
        }
        effects
    }

    fn each(&mut self, each: &'a StmtFor) -> Effects<'a> {
        let mut effects = Effects::default();
        let items = self.walker.value(&each.iter, &mut effects);
        self.walker.consume(&each.iter, items, &mut effects);
        let item = items.map(|items| self.walker.heap.inside(items));
        self.walker.bind(&each.target, item, &mut effects);
        effects.exposed = effects.reads.clone();
        let body = self.block(&each.body);
        let otherwise = self.block(&each.orelse);
        let targets = names::target_names(&each.target);
        effects
            .exposed
            .extend(body.exposed.iter().filter(|name| !targets.contains(name)));
        effects.exposed.extend(&otherwise.exposed);
        effects.include(&body);
        (effects.breaks, effects.continues) = (None, None);
        effects.include(&otherwise);
        if each.is_async {
            effects.awaits = true;
            effects.opaque = true;
            effects.stay(
                each.range(),
                "A6",
                "items come from an asynchronous iterator",
            );
        }
        effects
    }

    fn repeat(&mut self, statement: &'a Stmt) -> Effects<'a> {
        let Stmt::While(repeat) = statement else {
            return Effects::default();
        };
        let mut effects = Effects::default();
        self.walker.value(&repeat.test, &mut effects);
        let body = self.block(&repeat.body);
        let otherwise = self.block(&repeat.orelse);
        effects.include(&body);
        (effects.breaks, effects.continues) = (None, None);
        effects.include(&otherwise);
        effects
    }

    fn attempt(&mut self, attempt: &'a StmtTry) -> Effects<'a> {
        let body = self.block(&attempt.body);
        let otherwise = self.block(&attempt.orelse);
        let exposed = body.exposed.clone();
        let mut effects = Effects {
            exposed,
            ..Effects::default()
        };
        effects
            .exposed
            .extend(otherwise.exposed.difference(&body.definite));
        effects.include(&body);
        effects.include(&otherwise);
        let mut definite = &body.definite | &otherwise.definite;
        for ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            let caught = handler.type_.as_deref();
            if let Some(caught) = caught {
                let mut types = Effects::default();
                self.walker.value(caught, &mut types);
                effects.exposed.extend(&types.reads);
                effects.include(&types);
            }
            let mut handled = self.block(&handler.body);
            let caught_name = handler.name.as_ref().map(|name| name.as_str());
            effects.exposed.extend(
                handled
                    .exposed
                    .iter()
                    .filter(|name| Some(**name) != caught_name),
            );
            if let Some(name) = &handler.name {
                handled.binds.insert(name.as_str());
                handled.definite.remove(name.as_str());
                handled.unbinds.insert(name.as_str());
                self.walker.heap.name(name.as_str());
            }
            if !leaves(&handler.body) {
                definite.retain(|name| handled.definite.contains(name));
            }
            if !caught.is_some_and(catches_only_exceptions) {
                effects.stay(
                    handler.range(),
                    "A4",
                    "a bare `except` would also catch cancellation",
                );
            } else if handled.awaits {
                effects.stay(handler.range(), "A4", "a handler calls");
            }
            effects.include(&handled);
        }
        let finish = self.block(&attempt.finalbody);
        effects.exposed.extend(&finish.exposed);
        if !attempt.finalbody.is_empty() {
            effects.stay(
                attempt.range(),
                "A4",
                "`finally` would also run when the work ahead is abandoned",
            );
            definite.extend(&finish.definite);
        }
        if attempt.is_star {
            effects.stay(attempt.range(), "A4", "`except*` groups failures");
        }
        effects.include(&finish);
        effects.definite = definite;
        effects
    }

    /// Statements that always stay in place: `with`, `match`, definitions, imports, `global`, `del`.
    fn other(&mut self, statement: &'a Stmt) -> Effects<'a> {
        let mut effects = Effects::default();
        let walker = &mut self.walker;
        match statement {
            Stmt::With(with) => {
                for item in &with.items {
                    let value = walker.value(&item.context_expr, &mut effects);
                    if let Some(target) = &item.optional_vars {
                        walker.bind(target, value, &mut effects);
                    }
                }
                effects.awaits |= with.is_async;
                let body = self.block(&with.body);
                effects.include(&body);
                effects.opaque = true;
                effects.stay(
                    statement.range(),
                    "A4",
                    "leaving a `with` block may have an effect",
                );
            }
            Stmt::Match(choice) => {
                let subject = walker.value(&choice.subject, &mut effects);
                for case in &choice.cases {
                    for name in names::pattern_names(&case.pattern) {
                        let node = walker.heap.name(name);
                        if let Some(subject) = subject {
                            walker.heap.unify(node, subject);
                            walker.heap.collapse(node);
                        }
                        effects.binds.insert(name);
                    }
                    if let Some(guard) = &case.guard {
                        walker.value(guard, &mut effects);
                    }
                }
                for case in &choice.cases {
                    let body = self.block(&case.body);
                    effects.include(&body);
                }
                effects.stay(statement.range(), "E3", "`match` is not transformed");
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    walker.bind(target, None, &mut effects);
                    effects.unbinds.extend(names::target_names(target));
                }
                effects.stay(statement.range(), "A5", "`del` unbinds a name");
            }
            _ => {
                effects
                    .binds
                    .extend(names::bound_names(std::slice::from_ref(statement)));
                let inner = names::all_read_names(std::slice::from_ref(statement));
                let locals = walker.locals;
                let used: Vec<&'a str> = inner
                    .into_iter()
                    .filter(|name| locals.contains(name))
                    .collect();
                share_with_definition(walker, &effects.binds.clone(), &used);
                effects.reads.extend(used);
                effects.stay(statement.range(), "A3", "a definition stays where it is");
            }
        }
        effects
    }
}

/// Does what follows a block never run after it?
fn leaves(block: &[Stmt]) -> bool {
    matches!(
        block.last(),
        Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_))
    )
}

/// A nested function holds the variables it uses: to have it in hand is to have them.
fn share_with_definition<'a>(
    walker: &mut Walker<'a, '_>,
    names: &BTreeSet<&'a str>,
    used: &[&'a str],
) {
    for name in names {
        let node = walker.heap.name(name);
        for other in used {
            let other = walker.heap.name(other);
            walker.heap.unify(node, other);
        }
        walker.heap.collapse(node);
    }
}

/// `except Exception`, `except hermod.CallError`, tuples of such; not `BaseException` and its like.
fn catches_only_exceptions(caught: &Expr) -> bool {
    match caught {
        Expr::Name(name) => is_ordinary(name.id.as_str()),
        Expr::Attribute(attribute) => is_ordinary(attribute.attr.as_str()),
        Expr::Tuple(tuple) => tuple.elts.iter().all(catches_only_exceptions),
        _ => false,
    }
}

fn is_ordinary(name: &str) -> bool {
    let extraordinary = [
        "BaseException",
        "CancelledError",
        "KeyboardInterrupt",
        "SystemExit",
        "GeneratorExit",
    ];
    !extraordinary.contains(&name) && !known::looks_at_itself(name)
}
