//! Calls in an expression that is judged, and what they are handed.

use dice_program::ast::{Arguments, Expr, ExprCall, Ranged};

use super::super::helpers::{Handed, Helper};
use super::super::parts::waits;
use super::super::unknown::Part;
use super::Judge;
use crate::effects::known::Library;
use crate::effects::{Scope, known, parameter_names};

impl<'a> Judge<'a, '_, '_> {
    pub(super) fn arguments(&mut self, arguments: &'a Arguments) -> Option<()> {
        self.elements(&arguments.args)?;
        self.values(arguments.keywords.iter().map(|keyword| &keyword.value))
    }

    /// What an awaited call is handed. Of an object in a variable, the slice of a helper may look at a part.
    pub(super) fn handed(&mut self, call: &'a ExprCall) -> Option<()> {
        let helpers = self.slicer.helpers;
        let (Some(helper), Some(handed)) =
            (helpers.called(call.range()), helpers.handed(call.range()))
        else {
            return self.arguments(&call.arguments);
        };
        for (parameter, value) in handed {
            let name = match value {
                Handed::Owner(name) => name,
                Handed::Value(Expr::Name(name)) => name.id.as_str(),
                Handed::Value(value) => {
                    self.elements(std::slice::from_ref(value))?;
                    continue;
                }
            };
            self.handed_in_parts(name, parameter, helper)?;
        }
        Some(())
    }

    fn handed_in_parts(
        &mut self,
        name: &'a str,
        parameter: Option<&'a str>,
        helper: &Helper<'a>,
    ) -> Option<()> {
        let sees = helper.trust.sees.iter();
        let mut sees = sees.filter(|part| Some(part.name) == parameter);
        let whole = |part: &Part<'a>| part.attribute.is_none();
        if parameter.is_none() || sees.clone().any(whole) {
            return self.name(name);
        }
        self.object(name)?;
        sees.try_for_each(|part| {
            self.part(Part {
                name,
                attribute: part.attribute,
                of_items: false,
            })
        })
    }

    pub(super) fn call(&mut self, call: &'a ExprCall) -> Option<()> {
        match &*call.func {
            Expr::Name(name) if !self.is_local(name.id.as_str()) => {
                self.named_call(call, name.id.as_str())
            }
            Expr::Attribute(attribute) => {
                self.method_call(call, &attribute.value, attribute.attr.as_str())
            }
            _ => None,
        }
    }

    fn named_call(&mut self, call: &'a ExprCall, name: &'a str) -> Option<()> {
        let module = self.slicer.program.module;
        if let Some(function) = module.scopes.function_named(self.slicer.scope, name) {
            (!module.summary_of(function).hands_out).then_some(())?;
            self.computes(function)?;
            return self.arguments(&call.arguments);
        }
        if let Some(library) = module.library(&call.func, self.slicer.scope) {
            let makes = matches!(
                library,
                Library::Computes | Library::Value | Library::Collects | Library::Iterates
            );
            let calls_back = name == "sub"; // of `re`
            (makes && !calls_back).then_some(())?;
            return self.handed_over(&call.arguments, true);
        }
        if module.binds(name) {
            return None;
        }
        if known::takes_first_item(call) && !waits(&call.arguments.args[0]) {
            return self.handed_over(&call.arguments, false);
        }
        if !known::is_builtin(name) {
            return None;
        }
        let walks = known::walks_its_argument(name)
            || known::is_container_builtin(name)
            || known::is_iterator_builtin(name)
            || known::is_choosing_builtin(name) && call.arguments.args.len() == 1;
        self.handed_over(&call.arguments, walks)
    }

    /// Arguments of builtins and methods; `walks`: they are walked along, which uses up an iterator.
    fn handed_over(&mut self, arguments: &'a Arguments, walks: bool) -> Option<()> {
        for argument in &arguments.args {
            if let Expr::Generator(generator) = argument {
                self.comprehension(&generator.generators, &[&generator.elt])?;
                continue;
            }
            let argument = match argument {
                Expr::Starred(starred) => &starred.value,
                _ => argument,
            };
            if walks {
                self.walked(argument)?;
            }
            self.value(argument)?;
        }
        arguments.keywords.iter().try_for_each(|keyword| {
            match keyword.arg.as_ref().map(|name| name.as_str()) {
                Some("key") => self.called_back(&keyword.value),
                Some("default" | "reverse" | "start") => self.value(&keyword.value),
                _ => keyword.value.is_literal_expr().then_some(()),
            }
        })
    }

    /// A `key=` function that only looks at its argument.
    fn called_back(&mut self, key: &'a Expr) -> Option<()> {
        match key {
            Expr::Lambda(lambda) => {
                let depth = self.inner.len();
                let parameters = lambda.parameters.as_deref();
                self.inner
                    .extend(parameters.into_iter().flat_map(parameter_names));
                self.value(&lambda.body)?;
                self.inner.truncate(depth);
                Some(())
            }
            Expr::NoneLiteral(_) => Some(()),
            Expr::Name(name) if !self.is_local(name.id.as_str()) => {
                let (name, module) = (name.id.as_str(), self.slicer.program.module);
                match module.scopes.function_named(self.slicer.scope, name) {
                    Some(function) if module.summary_of(function).hands_out => None,
                    Some(function) => self.computes(function),
                    None => (known::is_scalar_builtin(name) && !module.binds(name)).then_some(()),
                }
            }
            _ => None,
        }
    }

    /// A generator of the program, that a loop walks along where it is made, and nobody else.
    pub(super) fn generator(&mut self, call: &'a ExprCall) -> Option<()> {
        let name = call.func.as_name_expr()?.id.as_str();
        let scopes = &self.slicer.program.module.scopes;
        let function = scopes.function_named(self.slicer.scope, name)?;
        let made = self.slicer.program.module.summary_of(function).hands_out;
        (made && !self.is_local(name)).then_some(())?;
        self.computes(function)?;
        self.arguments(&call.arguments)
    }

    /// A function of the program that computes from its arguments, and from what does not change.
    fn computes(&mut self, function: Scope) -> Option<()> {
        let module = self.slicer.program.module;
        let summary = module.summary_of(function);
        let states = summary.read_states.is_empty() && summary.written_states.is_empty();
        let stays = summary.in_place.is_some() || summary.opaque;
        let silent = (!stays || summary.hands_out) && !summary.awaits && states;
        let alone = !summary.mutates && summary.outer_reads.is_empty();
        (module.callable(function).is_some() && silent && alone).then_some(())?;
        self.found.exits |= summary.exits;
        match summary.touches_globals {
            true => self.reads_globals(),
            false => Some(()),
        }
    }

    fn method_call(&mut self, call: &'a ExprCall, owner: &'a Expr, method: &'a str) -> Option<()> {
        let module = self.slicer.program.module;
        if let Expr::Name(name) = owner
            && !self.is_local(name.id.as_str())
            && module.imports(name.id.as_str())
        {
            let name = name.id.as_str();
            let replaces = name == "re" && method == "sub";
            let library = known::library(name, method);
            let computes = matches!(library, Some(Library::Computes | Library::Value)) && !replaces;
            computes.then_some(())?;
            return self.handed_over(&call.arguments, true);
        }
        let looks = known::is_fresh_method(method) || known::is_looking_method(method);
        if module.defines_method(method) || !looks {
            return None;
        }
        self.value(owner)?;
        self.handed_over(&call.arguments, known::walks_its_arguments(method))
    }
}
