//! Effects of blocks and of simple statements.

use std::collections::{BTreeSet, HashMap, HashSet};

use dice_program::ast::visitor::Visitor;
use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

use super::function::RESULT;
use super::handed::Handed;
use super::walker::Walker;
use super::{Effects, last_name, names};

pub(super) struct Analysis<'a, 'w> {
    pub(super) walker: Walker<'a, 'w>,
    statements: &'w mut HashMap<TextRange, Effects<'a>>,
    captured: HashSet<&'a str>,
}

impl<'a, 'w> Analysis<'a, 'w> {
    pub(super) fn new(
        walker: Walker<'a, 'w>,
        statements: &'w mut HashMap<TextRange, Effects<'a>>,
        captured: HashSet<&'a str>,
    ) -> Self {
        Self {
            walker,
            statements,
            captured,
        }
    }

    pub(super) fn block(&mut self, statements: &'a [Stmt]) -> Effects<'a> {
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
            for name in &effects.unbinds {
                whole.definite.remove(name);
            }
            whole.definite.extend(&effects.definite);
            self.follow(statement, &effects);
            self.statements.insert(statement.range(), effects);
        }
        whole
    }

    /// Keeps account of the variables that alone hold a new object.
    fn follow(&mut self, statement: &'a Stmt, effects: &Effects<'a>) {
        self.hand_on(std::slice::from_ref(statement));
        let compound = matches!(statement, Stmt::If(_) | Stmt::With(_) | Stmt::Match(_));
        if !compound {
            for name in &effects.binds {
                self.walker.fresh.remove(name);
            }
        }
        if let Stmt::Assign(assign) = statement
            && let [Expr::Name(name)] = assign.targets.as_slice()
            && !self.captured.contains(name.id.as_str())
            && self.walker.locals.contains(name.id.as_str())
            && self.walker.makes_new(&assign.value)
        {
            self.walker.fresh.insert(name.id.as_str());
        }
    }

    /// Objects that get into other hands anywhere in the statements belong to no variable alone.
    pub(super) fn hand_on(&mut self, statements: &'a [Stmt]) {
        if self.walker.fresh.is_empty() {
            return;
        }
        let mut handed = Handed::new(self.walker.sites, false);
        handed.visit_body(statements);
        let fresh = &mut self.walker.fresh;
        fresh.retain(|name| !handed.names.contains(name));
    }

    /// Simple statements read before they bind; compound ones say themselves what they expose.
    fn exposing(&mut self, statement: &'a Stmt) -> Effects<'a> {
        match statement {
            Stmt::If(branch) => self.branches(branch),
            Stmt::Match(choice) => self.choice(choice),
            Stmt::For(each) => self.each(each),
            Stmt::While(repeat) => self.repeat(repeat),
            Stmt::Try(attempt) => self.attempt(attempt),
            Stmt::With(with) => self.with(with),
            _ => {
                let mut effects = self.simple(statement);
                effects.exposed = effects.reads.clone();
                effects
            }
        }
    }

    fn simple(&mut self, statement: &'a Stmt) -> Effects<'a> {
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
                if let Some(old) = old
                    && !walker.is_number(&assign.value)
                {
                    walker.mutate(&assign.target, old, &mut effects);
                }
                walker.bind(&assign.target, None, &mut effects);
            }
            Stmt::Return(give) => {
                if let Some(value) = &give.value
                    && let Some(node) = walker.value(value, &mut effects)
                {
                    let result = walker.heap.name(RESULT);
                    walker.heap.unify(result, node);
                }
                effects.exits = Some(statement.range());
                effects.returns = effects.exits;
            }
            Stmt::Raise(raise) => {
                for part in [&raise.exc, &raise.cause].into_iter().flatten() {
                    walker.value(part, &mut effects);
                }
                let class = raise.exc.as_deref().and_then(raised_class);
                effects.raise(statement.range(), class);
            }
            Stmt::Assert(assert) => {
                walker.noted(&assert.test, &mut effects);
                if let Some(message) = &assert.msg {
                    walker.value(message, &mut effects);
                }
                effects.raise(statement.range(), Some("AssertionError"));
            }
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => {}
            Stmt::Break(_) => effects.breaks = Some(statement.range()),
            Stmt::Continue(_) => effects.continues = Some(statement.range()),
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    walker.bind(target, None, &mut effects);
                    effects.unbinds.extend(names::target_names(target));
                }
                if !effects.unbinds.is_empty() {
                    effects.stay(statement.range(), "A5", "`del` unbinds a name");
                }
            }
            _ => self.definition(statement, &mut effects),
        }
        effects
    }

    /// Functions and classes within functions, imports, `global`.
    fn definition(&mut self, statement: &'a Stmt, effects: &mut Effects<'a>) {
        let names = names::bound_names(std::slice::from_ref(statement));
        effects.binds.extend(names);
        effects.definite.extend(&effects.binds.clone());
        let inner = names::all_read_names(std::slice::from_ref(statement));
        let locals = self.walker.locals;
        let used: Vec<&'a str> = inner
            .into_iter()
            .filter(|name| locals.contains(name))
            .collect();
        if !self.is_only_called(statement) {
            self.share_with_definition(&effects.binds.clone(), &used);
        }
        effects.reads.extend(used);
        effects.stay(statement.range(), "A3", "a definition stays where it is");
    }

    /// A function that is never handed on uses its variables when it is called, and only then.
    fn is_only_called(&self, statement: &'a Stmt) -> bool {
        let Stmt::FunctionDef(function) = statement else {
            return false;
        };
        let name = function.name.as_str();
        let walker = &self.walker;
        let once = walker.module.scopes.function_named(walker.scope, name);
        let plain = once.is_some_and(|scope| walker.module.callable(scope).is_some());
        plain && !walker.bindings.is_exposed(name)
    }

    /// A nested function holds the variables it uses: to have it in hand is to have them.
    fn share_with_definition(&mut self, names: &BTreeSet<&'a str>, used: &[&'a str]) {
        let heap = &mut *self.walker.heap;
        for name in names {
            let node = heap.name(name);
            for other in used {
                let other = heap.name(other);
                heap.unify(node, other);
            }
            heap.collapse(node);
        }
    }
}

/// `ValueError` of `raise ValueError("…")`; not of `raise error`.
fn raised_class(expression: &Expr) -> Option<&str> {
    let class = match expression {
        Expr::Call(call) => &call.func,
        _ => expression,
    };
    let name = last_name(class)?;
    name.starts_with(char::is_uppercase).then_some(name)
}

/// Does what follows a block never run after it?
pub(super) fn leaves(block: &[Stmt]) -> bool {
    matches!(
        block.last(),
        Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_))
    )
}
