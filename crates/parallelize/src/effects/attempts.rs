//! Effects of `try` and `with`.

use dice_program::ast::{ExceptHandler, Expr, Ranged, StmtTry, StmtWith, WithItem};

use super::scopes::{ClassId, Scope};
use super::statements::{Analysis, leaves};
use super::walker::Meaning;
use super::{Effects, known, last_name, names};
use crate::dependence::Node;

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
        let mut managers = Vec::new();
        for item in &with.items {
            let manager = self.manager(&item.context_expr, with.is_async);
            let value = self.enter_manager(item, &manager, &mut effects);
            if let Some(target) = &item.optional_vars {
                self.walker.bind(target, value, &mut effects);
                effects.definite.extend(names::target_names(target));
            }
            managers.push((manager, value));
        }
        effects.awaits |= with.is_async;
        effects.exposed = effects.reads.clone();
        self.hand_on(&with.body);
        let body = self.block(&with.body);
        let bound = effects.definite.clone();
        let outside = body.exposed.iter().filter(|name| !bound.contains(*name));
        effects.exposed.extend(outside);
        effects.include(&body);
        let swallows = managers.iter().any(|(manager, _)| manager.may_swallow());
        if swallows {
            self.walker.fresh.retain(|name| !body.binds.contains(name));
        } else if !leaves(&with.body) {
            effects.definite.extend(&body.definite);
        }
        let mut leaving = Effects::default();
        for (manager, value) in managers.into_iter().rev() {
            self.leave_manager(with, &manager, value, &mut leaving);
        }
        effects.in_place = leaving.in_place.clone().or(effects.in_place);
        effects.include(&leaving);
        effects
    }

    fn leave_manager(
        &mut self,
        with: &'a StmtWith,
        manager: &Manager,
        value: Option<Node>,
        effects: &mut Effects<'a>,
    ) {
        match manager {
            Manager::Suppress | Manager::Plain | Manager::Tasks => {}
            Manager::Own { leave, .. } => {
                let mut leaving = Effects::default();
                self.walker.run(*leave, value, with.range(), &mut leaving);
                if leaving.awaits && !self.walker.module.summary_of(*leave).is_idle() {
                    leaving.stay(with.range(), "A4", "leaving the `with` block calls");
                }
                effects.include(&leaving);
            }
            Manager::Unknown => {
                effects.opaque = true;
                let why = "leaving a `with` block may have an effect";
                effects.stay(with.range(), "A4", why);
            }
        }
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

    /// What `as` gives a name to.
    fn enter_manager(
        &mut self,
        item: &'a WithItem,
        manager: &Manager,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if let (Manager::Suppress | Manager::Plain | Manager::Tasks, Expr::Call(call)) =
            (manager, &item.context_expr)
        {
            let opens = last_name(&call.func) == Some("open");
            let values = self.walker.arguments(&call.arguments, effects);
            if let (Manager::Tasks, Some(target)) = (manager, &item.optional_vars) {
                self.walker.task_groups.extend(names::target_names(target));
            }
            return opens.then(|| {
                let node = self.walker.heap.fresh();
                values
                    .into_iter()
                    .for_each(|value| self.walker.put_inside(node, Some(value), true));
                node
            });
        }
        let object = self.walker.value(&item.context_expr, effects);
        let Manager::Own { enter, .. } = manager else {
            return object;
        };
        let given = self.walker.run(*enter, object, item.range(), effects);
        self.walker.either(object, given)
    }

    fn manager(&self, manager: &'a Expr, is_async: bool) -> Manager {
        let Expr::Call(call) = manager else {
            return Manager::Unknown;
        };
        let walker = &self.walker;
        if let Expr::Name(name) = &*call.func
            && walker.meaning(name.id.as_str()) == Meaning::Constant
            && let Some(class) = walker.module.classes.named(name.id.as_str())
        {
            return self.own_manager(class, is_async);
        }
        match walker.module.imported(&call.func, walker.scope) {
            Some(("asyncio", "TaskGroup")) if is_async => Manager::Tasks,
            _ if is_async => Manager::Unknown,
            Some(("contextlib", "suppress"))
                if call.arguments.args.iter().all(catches_only_exceptions) =>
            {
                Manager::Suppress
            }
            Some(("contextlib", "nullcontext")) if call.arguments.is_empty() => Manager::Plain,
            Some(("Image", "open")) => Manager::Plain,
            _ => Manager::Unknown,
        }
    }

    fn own_manager(&self, class: ClassId, is_async: bool) -> Manager {
        let module = self.walker.module;
        let names = match is_async {
            true => ["__aenter__", "__aexit__"],
            false => ["__enter__", "__exit__"],
        };
        let [enter, leave] = names.map(|name| module.classes.method(class, name, &module.scopes));
        match (enter, leave) {
            (Some(enter), Some(leave)) => Manager::Own { enter, leave },
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
    /// Of a class of the program.
    Own {
        enter: Scope,
        leave: Scope,
    },
    Unknown,
}

impl Manager {
    const fn may_swallow(&self) -> bool {
        !matches!(self, Self::Plain | Self::Tasks)
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
