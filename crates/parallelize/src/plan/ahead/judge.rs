//! May an expression be evaluated once more, ahead of its time? Only if that changes nothing, and gives
//! what the serial program will get (A3, E3).

mod calls;

use dice_program::ast::{
    CmpOp, Comprehension, Expr, ExprCall, InterpolatedStringElement, Ranged, TextRange,
};

use super::Slicer;
use super::helpers::Helper;
use super::node::Names;
use super::streams::{Made, inner_names};
use super::unknown::{Part, Parts};
use crate::dependence::is_plain;
use crate::effects::{GLOBALS, call_function, known, target_names};
use crate::functions::CallEffect;

/// What evaluating an expression takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Use<'a> {
    pub(super) reads: Names<'a>,
    /// What of their values it looks at.
    pub(super) looks: Parts<'a>,
    /// By `:=`.
    pub(super) binds: Names<'a>,
    /// Calls that it awaits, in order of evaluation; those in comprehensions more than once.
    pub(super) waits: Vec<TextRange>,
    /// Does it call what raises on a test of its own?
    pub(super) exits: bool,
}

impl<'a> Use<'a> {
    /// It looks at a variable and all that it holds.
    pub(super) fn read(&mut self, name: &'a str) {
        self.reads.insert(name);
        self.looks.insert(name.into());
    }
}

struct Judge<'a, 's, 'w> {
    slicer: &'s Slicer<'a, 'w>,
    found: Use<'a>,
    /// Names that comprehensions and lambdas around bind for themselves.
    inner: Vec<&'a str>,
}

impl<'a> Slicer<'a, '_> {
    /// What it takes to evaluate `expression` in the slice; `None`: that is not possible.
    pub(super) fn judge(&self, expression: &'a Expr) -> Option<Use<'a>> {
        self.judge_raising(expression).filter(|found| !found.exits)
    }

    /// The same, of what may also raise on a test: what follows in the slice hangs on it too (E3).
    pub(super) fn judge_raising(&self, expression: &'a Expr) -> Option<Use<'a>> {
        let mut judge = Judge {
            slicer: self,
            found: Use::default(),
            inner: Vec::new(),
        };
        judge.value(expression)?;
        Some(judge.found)
    }

    /// What it takes to walk along `items` in a loop.
    pub(super) fn judge_items(&self, items: &'a Expr) -> Option<Use<'a>> {
        let mut judge = Judge {
            slicer: self,
            found: Use::default(),
            inner: Vec::new(),
        };
        let found = match items {
            Expr::Call(call) => judge.generator(call),
            _ => None,
        };
        match found {
            Some(()) => Some(judge.found).filter(|found| !found.exits),
            None => self.judge(items).filter(|_| self.walkable(items)),
        }
    }

    /// The same of an argument of a method that walks along it, or does not.
    pub(super) fn judge_argument(&self, argument: &'a Expr, walks: bool) -> Option<Use<'a>> {
        let Expr::Generator(generator) = argument else {
            return self.judge_raising(argument);
        };
        let mut judge = Judge {
            slicer: self,
            found: Use::default(),
            inner: Vec::new(),
        };
        judge.comprehension(&generator.generators, &[&generator.elt])?;
        walks.then_some(judge.found)
    }

    /// What it takes to make the calls of a list.
    pub(super) fn judge_list(&self, made: &Made<'a>) -> Option<Use<'a>> {
        let mut judge = Judge {
            slicer: self,
            found: Use::default(),
            inner: Vec::new(),
        };
        judge.list(made)?;
        Some(judge.found)
    }

    /// What it takes to hand a call what it needs; `None`: that is not there.
    pub(super) fn judge_handed(&self, call: &'a ExprCall) -> Option<Use<'a>> {
        let mut judge = Judge {
            slicer: self,
            found: Use::default(),
            inner: Vec::new(),
        };
        judge.handed(call)?;
        Some(judge.found)
    }

    /// What an awaited call makes in the slice: a call, or the slice of a helper.
    pub(super) fn makes(&self, call: &'a ExprCall) -> Option<&'a str> {
        let Some(helper) = self.helpers.called(call.range()) else {
            return self.callable(call);
        };
        let seen = !helper.trust.looks || !self.is_unknown(GLOBALS);
        (helper.trust.calls && seen).then_some(helper.function.name.as_str())
    }

    /// The function that a `hermod.call` calls, if a slice may make that call: it is declared pure, so
    /// the serial program's equal call joins it (E5), or it is handed over.
    pub(super) fn callable(&self, call: &'a ExprCall) -> Option<&'a str> {
        let functions = self.program.functions;
        let name = call_function(call)?;
        let pure = functions.effect(Some(name)) == CallEffect::Pure && !functions.is_assumed(name);
        let made = pure || self.hands_over(call.range());
        (self.program.sites.is_hermod_call(&call.func) && made).then_some(name)
    }
}

impl<'a> Judge<'a, '_, '_> {
    fn values(&mut self, values: impl IntoIterator<Item = &'a Expr>) -> Option<()> {
        values.into_iter().try_for_each(|value| self.value(value))
    }

    /// Its slice gives what it gives, and sees what it sees.
    fn helper(&mut self, helper: &Helper<'a>) -> Option<()> {
        let trust = &helper.trust;
        (trust.calls && trust.gives).then_some(())?;
        self.found.exits |= helper.exits;
        match trust.looks {
            true => self.reads_globals(),
            false => Some(()),
        }
    }

    fn value(&mut self, expression: &'a Expr) -> Option<()> {
        match expression {
            Expr::Name(name) => self.name(name.id.as_str()),
            Expr::Await(wait) => {
                let Expr::Call(call) = &*wait.value else {
                    return None;
                };
                match self.slicer.helpers.called(call.range()) {
                    Some(helper) => self.helper(helper)?,
                    None => self.slicer.callable(call).map(|_| ())?,
                }
                self.handed(call)?;
                let times = if self.inner.is_empty() { 1 } else { 2 }; // in a loop: many times
                self.found.waits.extend(vec![wait.value.range(); times]);
                Some(())
            }
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute) => {
                self.object_of_the_module(&attribute.value)?;
                self.attribute(&attribute.value, attribute.attr.as_str())
            }
            Expr::Subscript(subscript) => {
                if self.slicer.program.module.has_default_dicts && !self.is_plain(&subscript.value)
                {
                    return None;
                }
                self.value(&subscript.value)?;
                self.value(&subscript.slice)
            }
            Expr::List(list) => self.elements(&list.elts),
            Expr::Tuple(tuple) => self.elements(&tuple.elts),
            Expr::Set(set) => self.elements(&set.elts),
            Expr::Dict(dict) => dict.items.iter().try_for_each(|item| {
                self.values(item.key.as_ref())?;
                self.value(&item.value)
            }),
            Expr::BoolOp(operation) => self.values(&operation.values),
            Expr::If(choice) => self.values([&*choice.test, &*choice.body, &*choice.orelse]),
            Expr::BinOp(operation) => self.values([&*operation.left, &*operation.right]),
            Expr::UnaryOp(operation) => self.value(&operation.operand),
            Expr::Compare(compare) => {
                self.value(&compare.left)?;
                for (operator, side) in compare.ops.iter().zip(&compare.comparators) {
                    if matches!(operator, CmpOp::In | CmpOp::NotIn) {
                        self.walked(side)?;
                    }
                    self.value(side)?;
                }
                Some(())
            }
            Expr::FString(text) => text
                .value
                .elements()
                .try_for_each(|element| self.interpolated(element)),
            Expr::Named(named) => self.named(&named.target, &named.value),
            Expr::Slice(slice) => {
                let parts = [&slice.lower, &slice.upper, &slice.step];
                self.values(parts.into_iter().flatten().map(|part| &**part))
            }
            Expr::ListComp(list) => self.comprehension(&list.generators, &[&list.elt]),
            Expr::SetComp(set) => self.comprehension(&set.generators, &[&set.elt]),
            Expr::DictComp(dict) => {
                let mut parts: Vec<&'a Expr> = vec![&dict.value];
                parts.extend(dict.key.as_deref());
                self.comprehension(&dict.generators, &parts)
            }
            _ => expression.is_literal_expr().then_some(()),
        }
    }

    /// The name of a class or an object may be constant, its attributes need not be.
    fn object_of_the_module(&mut self, object: &'a Expr) -> Option<()> {
        let Expr::Name(name) = object else {
            return Some(());
        };
        let (name, module) = (name.id.as_str(), self.slicer.program.module);
        let facts = self.slicer.facts;
        let here = self.is_local(name) || facts.outer.contains(name);
        match here || module.imports(name) || !module.binds(name) {
            true => Some(()),
            false => self.reads_globals(),
        }
    }

    fn attribute(&mut self, owner: &'a Expr, attribute: &'a str) -> Option<()> {
        let module = self.slicer.program.module;
        if module.is_shared_attribute(attribute) {
            self.reads_globals()?;
        }
        match owner {
            Expr::Name(name) if module.is_stored_alone(attribute) => self.part(Part {
                name: name.id.as_str(),
                attribute: Some(attribute),
                of_items: false,
            }),
            _ => self.value(owner),
        }
    }

    /// The object in a variable, to hand it on, whatever has become of its attributes.
    pub(super) fn object(&mut self, name: &'a str) -> Option<()> {
        if !self.is_own(name) {
            return self.name(name);
        }
        let known = !self.slicer.is_part_unknown(name.into());
        known.then(|| _ = self.found.reads.insert(name))
    }

    /// A variable of this function, or of one around.
    fn is_own(&self, name: &str) -> bool {
        let facts = self.slicer.facts;
        !self.is_bound_here(name) && (facts.locals.contains(name) || facts.outer.contains(name))
    }

    /// One attribute of the object in a variable, if the slice has that.
    pub(super) fn part(&mut self, part: Part<'a>) -> Option<()> {
        if !self.is_own(part.name) || part.attribute.is_none() {
            return self.name(part.name);
        }
        if self.slicer.is_part_unknown(part) {
            return None;
        }
        self.found.reads.insert(part.name);
        self.found.looks.insert(part);
        Some(())
    }

    fn name(&mut self, name: &'a str) -> Option<()> {
        if self.inner.contains(&name) {
            return Some(());
        }
        let slicer = self.slicer;
        if slicer.own_targets.contains(&name) {
            self.found.read(name);
            return Some(());
        }
        let local = slicer.facts.locals.contains(name) || slicer.facts.outer.contains(name);
        if !local && slicer.program.module.is_constant(name) {
            return Some(());
        }
        let name = if local { name } else { GLOBALS };
        if slicer.is_unknown(name) {
            return None;
        }
        self.found.read(name);
        Some(())
    }

    fn named(&mut self, target: &'a Expr, value: &'a Expr) -> Option<()> {
        self.value(value)?;
        let name = target.as_name_expr()?.id.as_str();
        if !self.slicer.may_bind(name) {
            return None;
        }
        self.found.binds.insert(name);
        Some(())
    }

    fn interpolated(&mut self, element: &'a InterpolatedStringElement) -> Option<()> {
        let InterpolatedStringElement::Interpolation(part) = element else {
            return Some(());
        };
        self.value(&part.expression)?;
        let mut nested = part
            .format_spec
            .iter()
            .flat_map(|spec| spec.elements.iter());
        nested.try_for_each(|element| self.interpolated(element))
    }

    fn elements(&mut self, elements: &'a [Expr]) -> Option<()> {
        elements.iter().try_for_each(|element| match element {
            Expr::Starred(starred) => {
                self.walked(&starred.value)?;
                self.value(&starred.value)
            }
            _ => self.value(element),
        })
    }

    fn list(&mut self, made: &Made<'a>) -> Option<()> {
        let (call, depth) = (made.call, self.inner.len());
        self.comprehension(made.generators, &[])?;
        self.inner.extend(inner_names(made.generators));
        match self.slicer.helpers.called(call.range()) {
            Some(helper) => self.helper(helper)?,
            None => self.slicer.callable(call).map(|_| ())?,
        }
        self.handed(call)?;
        self.inner.truncate(depth);
        self.found.waits.extend([call.range(), call.range()]); // many times
        Some(())
    }

    fn comprehension(&mut self, generators: &'a [Comprehension], parts: &[&'a Expr]) -> Option<()> {
        let depth = self.inner.len();
        for generator in generators {
            if generator.is_async {
                return None;
            }
            self.walked(&generator.iter)?;
            self.value(&generator.iter)?;
            self.inner.extend(target_names(&generator.target));
            self.values(&generator.ifs)?;
        }
        self.values(parts.iter().copied())?;
        self.inner.truncate(depth);
        Some(())
    }

    fn is_local(&self, name: &str) -> bool {
        self.is_bound_here(name) || self.slicer.facts.locals.contains(name)
    }

    fn is_bound_here(&self, name: &str) -> bool {
        self.inner.contains(&name) || self.slicer.own_targets.contains(&name)
    }

    fn reads_globals(&mut self) -> Option<()> {
        if self.slicer.is_unknown(GLOBALS) {
            return None;
        }
        self.found.read(GLOBALS);
        Some(())
    }

    fn is_plain(&self, expression: &'a Expr) -> bool {
        let program = &self.slicer.program;
        let inner = matches!(expression, Expr::Name(name) if self.is_bound_here(name.id.as_str()));
        let (scope, bindings) = (self.slicer.scope, program.bindings);
        inner || is_plain(expression, scope, bindings, program.module, program.sites)
    }

    /// Walking along an iterator that others hold would use it up (A6).
    fn walked(&self, items: &'a Expr) -> Option<()> {
        let fresh = matches!(items, Expr::Call(call) if match &*call.func {
            Expr::Name(name) => known::is_iterator_builtin(name.id.as_str()) || name.id == "range",
            _ => false,
        });
        (fresh || self.is_plain(items)).then_some(())
    }
}
