//! Expressions whose value is a new object that nobody else holds.

use dice_program::ast::{Expr, ExprCall};

use super::known;
use super::summary::{Place, Summary};
use super::walker::{Meaning, Walker};

impl<'a> Walker<'a, '_> {
    pub(super) fn makes_new(&self, expression: &'a Expr) -> bool {
        match expression {
            Expr::List(_)
            | Expr::Set(_)
            | Expr::Dict(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_) => true,
            Expr::Await(wait) => match &*wait.value {
                Expr::Call(call) => self.sites.is_hermod_call(&call.func) || self.gives_new(call),
                _ => false,
            },
            Expr::Call(call) => self.call_makes_new(call),
            _ => false,
        }
    }

    fn call_makes_new(&self, call: &'a ExprCall) -> bool {
        match &*call.func {
            Expr::Name(name) => {
                let name = name.id.as_str();
                let scopes = &self.module.scopes;
                match scopes.owner(self.scope, name) {
                    None => known::is_container_builtin(name),
                    Some(_) if self.meaning(name) != Meaning::Constant => self.gives_new(call),
                    Some(_) => self.makes_object(name) || self.gives_new(call),
                }
            }
            Expr::Attribute(attribute) => {
                let method = attribute.attr.as_str();
                let plain = known::is_fresh_method(method) || method == "copy";
                match self.module.defines_method(method) {
                    true => self.gives_new(call),
                    false => plain,
                }
            }
            _ => false,
        }
    }

    /// An object of a class whose making tells nobody about it.
    fn makes_object(&self, name: &str) -> bool {
        let Some(class) = self.module.classes.named(name) else {
            return false;
        };
        let known = self.module.classes.get(class);
        let silent = |summary: &Summary<'_>| {
            !summary.touches_globals
                && summary.outer_reads.is_empty()
                && summary
                    .changes
                    .iter()
                    .all(|place| matches!(place, Place::Parameter(0) | Place::Attribute(0, _)))
        };
        let made_by = ["__init__", "__post_init__"].into_iter().all(|method| {
            let method = self
                .module
                .classes
                .method(class, method, &self.module.scopes);
            method.is_none_or(|method| silent(self.module.summary_of(method)))
        });
        known.known && !known.is_enum() && made_by
    }

    /// Does the program's function give something that neither its arguments nor others hold?
    fn gives_new(&self, call: &'a ExprCall) -> bool {
        self.callee(&call.func).is_some_and(|callee| {
            callee.targets.iter().all(|target| {
                let summary = self.module.summary_of(*target);
                let shared = summary.shares.iter().flatten().map(|one| one.place);
                let mut given = shared.chain(summary.same.iter().flatten().copied());
                given.all(|place| place != Place::Result)
            })
        })
    }
}
