//! Effects of `try` and `with`.

use dice_program::ast::{ExceptHandler, Expr, Ranged, StmtTry, StmtWith};

use super::statements::{Analysis, leaves};
use super::walker::Meaning;
use super::{Effects, known, last_name, names};

impl<'a> Analysis<'a, '_> {
    pub(super) fn attempt(&mut self, attempt: &'a StmtTry) -> Effects<'a> {
        self.hand_on(&attempt.body);
        let before = self.walker.fresh.clone();
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
        if attempt
            .handlers
            .iter()
            .any(|handler| self.catches(handler, &body))
        {
            (effects.exits, effects.raises) = (body.returns, false);
            effects.raised.clear();
        }
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
            self.walker.fresh.clone_from(&before);
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
        self.walker.fresh = before;
        let finish = self.block(&attempt.finalbody);
        self.walker.fresh.clear();
        effects.exposed.extend(&finish.exposed);
        let seen = finish.in_place.is_some() || finish.awaits || !finish.changes_nothing();
        if seen || finish.exits.is_some() || finish.breaks.is_some() || finish.continues.is_some() {
            let why = "`finally` would also run when the work ahead is abandoned";
            effects.stay(attempt.range(), "A4", why);
        }
        definite.extend(&finish.definite);
        if attempt.is_star {
            effects.stay(attempt.range(), "A4", "`except*` groups failures");
        }
        effects.include(&finish);
        effects.definite = definite;
        effects
    }

    pub(super) fn with(&mut self, with: &'a StmtWith) -> Effects<'a> {
        let mut effects = Effects::default();
        let mut swallows = false;
        let mut harmless = true;
        for item in &with.items {
            match self.manager(&item.context_expr) {
                Manager::Suppress if !with.is_async => swallows = true,
                Manager::Plain if !with.is_async => {}
                Manager::Tasks if with.is_async => {
                    let names = item.optional_vars.as_deref().map(names::target_names);
                    self.walker.task_groups.extend(names.unwrap_or_default());
                }
                _ => harmless = false,
            }
            let value = self.manager_value(&item.context_expr, harmless, &mut effects);
            if let Some(target) = &item.optional_vars {
                self.walker.bind(target, value, &mut effects);
                effects.definite.extend(names::target_names(target));
            }
        }
        effects.awaits |= with.is_async;
        effects.exposed = effects.reads.clone();
        self.hand_on(&with.body);
        let body = self.block(&with.body);
        let bound = effects.definite.clone();
        let outside = body.exposed.iter().filter(|name| !bound.contains(*name));
        effects.exposed.extend(outside);
        effects.include(&body);
        if harmless && !swallows && !leaves(&with.body) {
            effects.definite.extend(&body.definite);
        }
        if swallows || !harmless {
            self.walker.fresh.retain(|name| !body.binds.contains(name));
        }
        if !harmless {
            effects.opaque = true;
            let why = "leaving a `with` block may have an effect";
            effects.stay(with.range(), "A4", why);
        }
        effects
    }

    /// Does the handler catch whatever the body raises itself?
    fn catches(&self, handler: &ExceptHandler, body: &Effects<'a>) -> bool {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let Some(caught) = handler.type_.as_deref() else {
            return true;
        };
        body.raised
            .iter()
            .all(|class| self.is_caught(*class, caught))
    }

    fn is_caught(&self, class: Option<&str>, caught: &Expr) -> bool {
        if let Expr::Tuple(tuple) = caught {
            return tuple.elts.iter().any(|one| self.is_caught(class, one));
        }
        let Some(caught) = last_name(caught) else {
            return false;
        };
        match class {
            Some("SystemExit") => caught == "SystemExit" || caught == "BaseException",
            _ if matches!(caught, "Exception" | "BaseException") => true,
            Some(class) => class == caught || self.is_built_on(class, caught),
            None => false,
        }
    }

    /// Is the one class of the program built on the other?
    fn is_built_on(&self, class: &str, base: &str) -> bool {
        let classes = &self.walker.module.classes;
        let (Some(class), Some(base)) = (classes.named(class), classes.named(base)) else {
            return false;
        };
        classes.line(class).contains(&base)
    }

    /// The value of a context manager that is known is what its call would give.
    fn manager_value(
        &mut self,
        manager: &'a Expr,
        harmless: bool,
        effects: &mut Effects<'a>,
    ) -> Option<crate::dependence::Node> {
        let Expr::Call(call) = manager else {
            return self.walker.value(manager, effects);
        };
        match harmless && last_name(&call.func) != Some("open") {
            true => {
                self.walker.arguments(&call.arguments, effects);
                None
            }
            false => self.walker.value(manager, effects),
        }
    }

    fn manager(&self, manager: &'a Expr) -> Manager {
        let Expr::Call(call) = manager else {
            return Manager::Unknown;
        };
        let root = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Name(name) => name.id.as_str(),
                _ => return Manager::Unknown,
            },
            _ => return Manager::Unknown,
        };
        let walker = &self.walker;
        if walker.meaning(root) != Meaning::Constant || !walker.module.imports(root) {
            return Manager::Unknown;
        }
        match (root, last_name(&call.func)) {
            ("suppress" | "contextlib", Some("suppress")) => {
                match call.arguments.args.iter().all(catches_only_exceptions) {
                    true => Manager::Suppress,
                    false => Manager::Unknown,
                }
            }
            ("nullcontext" | "contextlib", Some("nullcontext")) if call.arguments.is_empty() => {
                Manager::Plain
            }
            ("Image", Some("open")) => Manager::Plain,
            ("TaskGroup" | "asyncio", Some("TaskGroup")) => Manager::Tasks,
            _ => Manager::Unknown,
        }
    }
}

/// What leaving a `with` block does.
enum Manager {
    /// Swallows failures of the block.
    Suppress,
    /// Nothing that anybody could see.
    Plain,
    /// Waits for the tasks that were started in it.
    Tasks,
    Unknown,
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
