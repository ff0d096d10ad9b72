//! What the module's imports mean: which function of which module a call runs.

use std::collections::HashMap;

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, Stmt};

use super::known::{self, Library};
use super::module::Module;
use super::scopes::Scope;

/// Names imported anywhere at module level: the module, and what of it if not all.
#[derive(Debug, Default)]
pub(super) struct Imports<'a> {
    names: HashMap<&'a str, (&'a str, Option<&'a str>)>,
}

impl<'a> Imports<'a> {
    pub(super) fn new(body: &'a [Stmt]) -> Self {
        let mut imports = Self::default();
        imports.visit_body(body);
        imports
    }
}

impl<'a> Visitor<'a> for Imports<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let module = alias.name.as_str();
                    let (name, module) = match &alias.asname {
                        Some(name) => (name.as_str(), module),
                        None => {
                            let first = module.split('.').next().unwrap_or(module);
                            (first, first)
                        }
                    };
                    self.names.insert(name, (module, None));
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |name| name.as_str());
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.names.insert(name, (module, Some(alias.name.as_str())));
                }
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => visitor::walk_stmt(self, statement),
        }
    }
}

impl<'a> Module<'a> {
    /// The module and the function that `callee` names, if imports say so.
    pub(crate) fn imported(&self, callee: &'a Expr, scope: Scope) -> Option<(&'a str, &'a str)> {
        match callee {
            Expr::Name(name) => {
                let (module, function) = self.import_of(name.id.as_str(), scope)?;
                Some((module, function?))
            }
            Expr::Attribute(attribute) => {
                let function = attribute.attr.as_str();
                match &*attribute.value {
                    Expr::Name(name) => match self.import_of(name.id.as_str(), scope)? {
                        (module, None) => Some((module, function)),
                        (_, Some(part)) => Some((part, function)),
                    },
                    Expr::Attribute(inner) => {
                        self.imported(&attribute.value, scope)?;
                        Some((inner.attr.as_str(), function))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn import_of(&self, name: &str, scope: Scope) -> Option<(&'a str, Option<&'a str>)> {
        let at_module = self.scopes.owner(scope, name) == Some(Scope::MODULE);
        (at_module && self.imports(name))
            .then(|| self.imported.names.get(name).copied())
            .flatten()
    }

    pub(crate) fn library(&self, callee: &'a Expr, scope: Scope) -> Option<Library> {
        let (module, function) = self.imported(callee, scope)?;
        known::library(module, function)
    }
}
