//! Effects of calls of functions: of the program's own, of builtins, and of what nothing is known about.

use dice_program::ast::{Expr, ExprAwait, ExprCall, Ranged};

use super::callees::Callee;
use super::walker::{Meaning, Walker};
use super::{Effects, known};
use crate::dependence::Node;

impl<'a> Walker<'a, '_> {
    pub(super) fn awaited(
        &mut self,
        wait: &'a ExprAwait,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        effects.awaits = true;
        let Expr::Call(call) = &*wait.value else {
            let task = self.value(&wait.value, effects);
            if self.is_awaitable(&wait.value) {
                return task.map(|task| self.heap.inside(task));
            }
            effects.opaque = true;
            effects.stay(wait.range(), "A3", "awaits something that is not a call");
            return Some(self.heap.fresh());
        };
        if self.sites.is_hermod_call(&call.func) {
            return Some(self.hermod_call(call, effects));
        }
        if let Some(callee) = self.callee(&call.func)
            && self.is_async(&callee, true)
        {
            return self.user_call(call, &callee, effects);
        }
        match self.module.imported(&call.func, self.scope) {
            Some(("asyncio", "gather")) => self.gathered(call, effects),
            Some(("asyncio", "sleep")) => self.library_call(call, effects),
            _ => self.unknown_call(call, effects),
        }
    }

    /// A variable that only ever holds tasks and calls that were issued.
    fn is_awaitable(&self, expression: &'a Expr) -> bool {
        let Expr::Name(name) = expression else {
            return false;
        };
        let name = name.id.as_str();
        let scope = self.module.scopes.owner(self.scope, name);
        let values = scope.and_then(|scope| self.bindings.values_of(scope, name));
        values.is_some_and(|values| {
            values.into_iter().all(|value| match value {
                Expr::Call(call) => self.sites.is_hermod_call(&call.func) || self.is_task(call),
                _ => false,
            })
        })
    }

    /// The functions of the program that are called.
    pub(super) fn callee(&self, callee: &'a Expr) -> Option<Callee<'a>> {
        if let Expr::Name(name) = callee
            && self.meaning(name.id.as_str()) == Meaning::Inner
        {
            return None;
        }
        self.module.callee(callee, self.scope, self.bindings)
    }

    /// Are all that may be called coroutines, or none?
    pub(super) fn is_async(&self, callee: &Callee<'a>, wanted: bool) -> bool {
        callee.targets.iter().all(|target| {
            let function = self.module.callable(*target);
            function.is_some_and(|function| function.is_async == wanted)
        })
    }

    pub(super) fn call(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) -> Option<Node> {
        if let Some(node) = self.spawn(call, effects) {
            return node;
        }
        if self.is_task(call) {
            return Some(self.spawned(call, effects));
        }
        match &*call.func {
            Expr::Name(name) => self.named_call(call, name.id.as_str(), effects),
            Expr::Attribute(attribute) => {
                self.method_call(call, &attribute.value, attribute.attr.as_str(), effects)
            }
            _ => self.unknown_call(call, effects),
        }
    }

    fn named_call(
        &mut self,
        call: &'a ExprCall,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if let Some(callee) = self.callee(&call.func) {
            return match self.is_async(&callee, false) {
                true => self.user_call(call, &callee, effects),
                false => self.unknown_call(call, effects),
            };
        }
        if let Meaning::Local | Meaning::Outer = self.meaning(name)
            && let Some(function) = self.function_held(name)
        {
            self.name(name, effects);
            return self.library_call_of(function, call, effects);
        }
        if self.meaning(name) != Meaning::Constant {
            return self.unknown_call(call, effects);
        }
        if name == "print" && !self.module.binds(name) {
            self.print(call, effects);
            return None;
        }
        if let Some(class) = self.module.classes.named(name) {
            return self.construct(call, class, effects);
        }
        if self.module.binds(name) {
            return self.library_call(call, effects);
        }
        if known::takes_first_item(call) {
            return self.first_item(call, effects);
        }
        if !known::is_builtin(name) {
            return self.unknown_call(call, effects);
        }
        self.builtin_call(call, name, effects)
    }

    /// A file of the program's own may do anything when it is written to.
    fn print(&mut self, call: &'a ExprCall, effects: &mut Effects<'a>) {
        let file = call.arguments.find_keyword("file").map(|file| &file.value);
        let known = file.is_none_or(|file| {
            matches!(file, Expr::Attribute(stream)
                if matches!(stream.attr.as_str(), "stdout" | "stderr"))
        });
        self.arguments(&call.arguments, effects);
        if let (Some(file), false) = (file, known) {
            let node = self.value(file, effects);
            let globals = self.globals();
            effects.smashes.push(globals);
            effects.smashes.extend(node);
        }
        effects.stay(call.range(), "A3", "prints");
    }

    pub(super) fn unknown_call(
        &mut self,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let node = self.heap.fresh();
        let owner = self.value(&call.func, effects);
        if let Expr::Attribute(attribute) = &*call.func
            && let Some(owner) = self.value(&attribute.value, effects)
        {
            self.heap.unify(node, owner);
        }
        for value in self
            .arguments(&call.arguments, effects)
            .into_iter()
            .chain(owner)
        {
            self.heap.unify(node, value);
        }
        let globals = self.globals();
        self.heap.unify(globals, node);
        self.heap.collapse(node);
        effects.smashes.push(globals);
        effects.opaque = true;
        let name = callee_name(&call.func);
        if matches!(name, "exit" | "_exit" | "quit" | "abort") {
            effects.raise(call.range(), Some("SystemExit"));
        }
        if known::looks_at_itself(name) {
            let why = format!("`{name}` looks at the code around it");
            effects.stay(call.range(), "A7", why);
        } else {
            let why = format!("nothing is known about `{name}`");
            effects.stay(call.range(), "A3", why);
        }
        Some(node)
    }
}

fn callee_name(callee: &Expr) -> &str {
    match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "this call",
    }
}
