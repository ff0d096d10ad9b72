//! Effects of calls of Python's own modules.

use dice_program::ast::{Expr, ExprCall, Ranged};

use super::Effects;
use super::known::Library;
use super::walker::Walker;
use crate::dependence::{Node, is_plain};

impl<'a> Walker<'a, '_> {
    pub(super) fn library_call(
        &mut self,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        self.library_call_of(&call.func, call, effects)
    }

    /// The function of a module that a variable stands for: `write = sys.stdout.write`.
    pub(super) fn function_held(&self, name: &'a str) -> Option<&'a Expr> {
        let owner = self.module.scopes.owner(self.scope, name)?;
        let values = self.bindings.values_of(owner, name)?;
        let [value] = values[..] else {
            return None;
        };
        let held = value.is_attribute_expr() && self.module.library(value, owner).is_some();
        held.then_some(value)
    }

    pub(super) fn library_call_of(
        &mut self,
        callee: &'a Expr,
        call: &'a ExprCall,
        effects: &mut Effects<'a>,
    ) -> Option<Node> {
        let imported = self.module.imported(callee, self.scope);
        let library = self.module.library(callee, self.scope);
        let (Some((module, function)), Some(library)) = (imported, library) else {
            return self.unknown_call(call, effects);
        };
        if self.may_call_back(call, module, function) {
            return self.unknown_call(call, effects);
        }
        if let Some(node) = self.calls_back(call, effects) {
            return Some(node);
        }
        let walks = walks(library, module, function);
        let values = match walks {
            true => self.consumed_arguments(&call.arguments, effects),
            false => self.arguments(&call.arguments, effects),
        };
        match library {
            Library::Value | Library::Logger => return None,
            Library::Logs => {
                effects.stay(call.range(), "A3", "writes to the log");
                return None;
            }
            Library::Sleeps => {
                effects.opaque = true;
                effects.stay(call.range(), "E2", "sleeps");
                return None;
            }
            Library::Chance => {
                let why = format!("what `{function}` gives hangs on when it is called");
                effects.stay(call.range(), "A3", why);
            }
            _ => {}
        }
        let node = self.heap.fresh();
        if library == Library::Defaults {
            self.default_dicts.push(node);
        }
        for value in values {
            self.put_inside(node, Some(value), true);
            match library {
                Library::Computes | Library::Draws | Library::Chance => {
                    self.put_inside(node, Some(value), false);
                }
                Library::Iterates => {
                    // What it gives holds the items, as pairs do.
                    let given = self.heap.inside(node);
                    self.put_inside(given, Some(value), true);
                }
                _ => {}
            }
        }
        Some(node)
    }

    /// Functions of modules may be given functions: `re.sub(pattern, function, text)`.
    fn may_call_back(&self, call: &'a ExprCall, module: &str, function: &str) -> bool {
        let plain = |value| is_plain(value, self.scope, self.bindings, self.module, self.sites);
        let keywords = &call.arguments.keywords;
        match (module, function) {
            ("re", "sub") => {
                let given = call.arguments.args.get(1);
                !given.is_some_and(plain) || !keywords.iter().all(|one| plain(&one.value))
            }
            ("json", _) => keywords.iter().any(|keyword| {
                let name = keyword.arg.as_ref().map(|name| name.as_str());
                !matches!(
                    name,
                    Some("indent" | "sort_keys" | "ensure_ascii" | "separators")
                )
            }),
            ("collections", "defaultdict") => {
                let factory = call.arguments.args.first();
                !factory.is_none_or(is_plain_factory)
            }
            ("dataclasses", "replace") => self.module.defines_method("__post_init__"),
            _ => false,
        }
    }

    /// `log`, where `log = logging.getLogger(…)` and nothing else.
    pub(super) fn is_logger(&self, owner: &'a Expr) -> bool {
        let is_source = |value: &'a Expr| match value {
            Expr::Call(call) => {
                self.module.library(&call.func, self.scope) == Some(Library::Logger)
            }
            _ => false,
        };
        let Expr::Name(name) = owner else {
            return is_source(owner);
        };
        let name = name.id.as_str();
        let scope = self.module.scopes.owner(self.scope, name);
        let sources = scope.and_then(|scope| self.bindings.values_of(scope, name));
        sources.is_some_and(|values| !values.is_empty() && values.into_iter().all(is_source))
    }
}

/// `defaultdict(list)`, `defaultdict(lambda: 0)`.
fn is_plain_factory(factory: &Expr) -> bool {
    match factory {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            "list" | "dict" | "set" | "int" | "float" | "str" | "bool" | "tuple"
        ),
        Expr::Lambda(lambda) => {
            lambda.body.is_literal_expr()
                || lambda.body.is_list_expr()
                || lambda.body.is_dict_expr()
        }
        Expr::NoneLiteral(_) => true,
        _ => false,
    }
}

/// Does it walk along its arguments, and so use up an iterator?
fn walks(library: Library, module: &str, function: &str) -> bool {
    matches!(library, Library::Iterates | Library::Collects)
        || matches!(
            (module, function),
            ("statistics" | "heapq", _) | ("math", "prod" | "fsum" | "dist")
        )
}
