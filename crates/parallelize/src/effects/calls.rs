//! Effects of calls of functions: of the program's own, of builtins, and of what nothing is known about.

use dice_program::ast::{Expr, ExprAwait, ExprCall, Ranged, TextRange};

use super::arguments::Given;
use super::callees::{Callee, Receiver};
use super::scopes::{ClassId, Scope};
use super::summary::{Place, Summary};
use super::walker::{Meaning, Walker};
use super::{Effects, GLOBALS, known};
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
        if !known::is_builtin(name) {
            return self.unknown_call(call, effects);
        }
        self.builtin_call(call, name, effects)
    }

    fn builtin_call(
        &mut self,
        call: &'a ExprCall,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if known::is_builtin_exception(name) {
            let node = self.heap.fresh();
            for value in self.arguments(&call.arguments, effects) {
                self.put_inside(node, Some(value), false);
            }
            return Some(node);
        }
        if known::is_scalar_builtin(name) && !known::walks_its_argument(name) {
            self.arguments(&call.arguments, effects);
            return None;
        }
        if let Some(node) = self.calls_back(call, effects) {
            return Some(node);
        }
        let mut values = Vec::new();
        for argument in &call.arguments.args {
            let value = self.value(argument, effects);
            if !is_scalar_choice(name, call) {
                self.consume(argument, value, effects);
            }
            values.extend(value);
        }
        for keyword in &call.arguments.keywords {
            values.extend(self.keyword(keyword, effects));
        }
        if known::is_scalar_builtin(name) {
            return None;
        }
        let node = self.heap.fresh();
        let chosen = is_scalar_choice(name, call);
        for value in values {
            match chosen {
                true => self.heap.unify(node, value),
                false => self.hold_items(name, node, value),
            }
        }
        Some(node)
    }

    /// What a container or iterator that a builtin makes holds of its argument.
    fn hold_items(&mut self, builtin: &str, node: Node, value: Node) {
        let item = self.heap.inside(value);
        if known::is_choosing_builtin(builtin) {
            self.heap.unify(node, item);
            return;
        }
        let held = self.heap.inside(node);
        if matches!(builtin, "enumerate" | "zip") {
            let member = self.heap.inside(held);
            self.heap.unify(member, item);
        } else {
            self.heap.unify(held, item);
        }
    }

    /// What a `key=` function does, if that is more than to look at its argument.
    pub(super) fn calls_back(
        &mut self,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let key = &call.arguments.find_keyword("key")?.value;
        match key {
            Expr::Lambda(_) | Expr::NoneLiteral(_) => None,
            Expr::Attribute(method) => {
                let name = method.attr.as_str();
                let looks = known::is_fresh_method(name) || known::is_looking_method(name);
                (!looks || self.module.defines_method(name))
                    .then(|| self.unknown_call(call, effects))?
            }
            Expr::Call(getter) if known::is_getter(&getter.func) => None,
            Expr::Name(name) => match self.callee(key) {
                Some(callee) if self.is_async(&callee, false) => {
                    self.user_call(call, &callee, effects)
                }
                Some(_) => self.unknown_call(call, effects),
                None => {
                    let name = name.id.as_str();
                    let computes = known::is_scalar_builtin(name)
                        && self.module.scopes.owner(self.scope, name).is_none();
                    match computes {
                        true => None,
                        false => self.unknown_call(call, effects),
                    }
                }
            },
            _ => self.unknown_call(call, effects),
        }
    }

    /// Making an object of a class of the program.
    fn construct(
        &mut self,
        call: &'a ExprCall,
        class: ClassId,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let classes = &self.module.classes;
        let known = classes.get(class);
        if !known.known {
            return self.unknown_call(call, effects);
        }
        if known.is_enum() {
            self.arguments(&call.arguments, effects);
            return None;
        }
        let scopes = &self.module.scopes;
        let object = self.heap.fresh();
        if let Some(init) = classes.method(class, "__init__", scopes) {
            let mut given = self.given(&call.arguments, effects);
            given.put_first(Some(object));
            self.apply(init, &given, call.range(), "__init__", effects);
            return Some(object);
        }
        let makes_more = !scopes.all_methods("__init__").is_empty()
            && classes
                .line(class)
                .iter()
                .any(|above| !scopes.methods_named(*above, "__init__").is_empty());
        if makes_more
            || classes
                .line(class)
                .iter()
                .any(|above| !classes.get(*above).has_plain_defaults())
        {
            return self.unknown_call(call, effects);
        }
        for value in self.arguments(&call.arguments, effects) {
            self.put_inside(object, Some(value), false);
        }
        if let Some(finish) = classes.method(class, "__post_init__", scopes) {
            let mut given = Given::default();
            given.put_first(Some(object));
            self.apply(finish, &given, call.range(), "__post_init__", effects);
        }
        Some(object)
    }

    pub(super) fn user_call(
        &mut self,
        call: &'a ExprCall,
        callee: &Callee<'a>,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        if let Expr::Name(name) = &*call.func
            && self.locals.contains(name.id.as_str())
        {
            effects.reads.insert(name.id.as_str());
        }
        let receiver = match callee.receiver {
            Receiver::None => None,
            Receiver::Class => Some(None),
            Receiver::Object(owner) => Some(self.value(owner, effects)),
            Receiver::Own(name) => Some(self.name(name, effects)),
        };
        let mut given = self.given(&call.arguments, effects);
        if let Some(receiver) = receiver {
            given.put_first(receiver);
        }
        let mut result = None;
        for target in &callee.targets {
            let one = self.apply(*target, &given, call.range(), callee.name, effects);
            result = self.either(result, one);
        }
        result
    }

    /// A method that Python calls by itself, with the object alone to change.
    pub(super) fn run(
        &mut self,
        method: Scope,
        object: Option<Node>,
        range: TextRange,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let mut given = Given::default();
        given.put_first(object);
        let node = self.module.scopes.info(method).node?;
        effects.awaits |= self.module.summary_of(method).awaits;
        self.apply(method, &given, range, node.name.as_str(), effects)
    }

    /// The effects of a function of the program on what it is given.
    fn apply(
        &mut self,
        target: Scope,
        given: &Given<'a>,
        range: TextRange,
        name: &'a str,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let module = self.module;
        let node = module.scopes.info(target).node?;
        let summary = module.summary_of(target);
        effects
            .read_states
            .extend(summary.read_states.iter().cloned());
        effects
            .written_states
            .extend(summary.written_states.iter().cloned());
        effects.opaque |= summary.opaque;
        if summary.exits {
            effects.exits.get_or_insert(range);
            effects.raises = true;
            effects.raised.extend(&summary.raised);
        }
        if let Some(why) = &summary.in_place {
            effects.stay(range, summary.rule, format!("`{name}` {why}"));
        }
        if summary.touches_globals {
            effects.reads.insert(GLOBALS);
        }
        let held = self.by_parameter(&node.parameters, given);
        self.apply_outer(target, summary, range, effects);
        let result = self.heap.fresh();
        for group in &summary.shares {
            let mut nodes = Vec::new();
            for place in group {
                nodes.extend(self.place(*place, &held, result));
            }
            if let Some((first, others)) = nodes.split_first() {
                others
                    .iter()
                    .for_each(|other| self.heap.unify(*first, *other));
                self.heap.collapse(*first);
            }
        }
        for place in &summary.changes {
            let changed = self.place(*place, &held, result);
            effects.smashes.extend(changed);
        }
        Some(result)
    }

    /// Variables of functions around that the function called uses.
    fn apply_outer(
        &mut self,
        target: Scope,
        summary: &Summary<'a>,
        range: TextRange,
        effects: &mut Effects<'a>,
    ) {
        let scopes = &self.module.scopes;
        let around = scopes.parent(target);
        let names = summary.outer_reads.iter().chain(&summary.outer_binds);
        for name in names {
            let hidden = self.inner_node(name).is_some()
                || scopes.owner(self.scope, name) != scopes.owner(around, name);
            if hidden {
                effects.opaque = true;
                let why = format!("it uses another `{name}` than the code here");
                effects.stay(range, "A3", why);
            } else if summary.outer_reads.contains(name) {
                self.name(name, effects);
            }
            if summary.outer_binds.contains(name) && !hidden {
                let node = self.heap.name(name);
                effects.mutates.push(node);
                match self.locals.contains(name) {
                    true => effects.binds.insert(name),
                    false => effects.outer_binds.insert(name),
                };
            }
        }
    }

    fn place(&mut self, place: Place<'a>, held: &[Option<Node>], result: Node) -> Option<Node> {
        match place {
            Place::Parameter(at) => held.get(at).copied().flatten(),
            Place::Outer(name) => Some(self.heap.name(name)),
            Place::Globals => Some(self.globals()),
            Place::Result => Some(result),
        }
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

/// `max(a, b)` compares its arguments, `max(items)` walks along its one.
fn is_scalar_choice(name: &str, call: &ExprCall) -> bool {
    known::is_choosing_builtin(name) && call.arguments.args.len() > 1 || name == "range"
}

fn callee_name(callee: &Expr) -> &str {
    match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "this call",
    }
}
