//! Which functions of the program a call may run.

use dice_program::ast::{Expr, Parameters};

use super::classes::{MethodKind, method_kind};
use super::module::Module;
use super::scopes::{ClassId, Scope};
use crate::dependence::{Bindings, Receivers};

/// The functions that a call may run, and what they get as their first argument.
#[derive(Debug, Clone)]
pub(crate) struct Callee<'a> {
    /// At least one; any of them may run.
    pub(crate) targets: Vec<Scope>,
    pub(crate) receiver: Receiver<'a>,
    pub(crate) name: &'a str,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Receiver<'a> {
    None,
    /// The class itself, which never changes.
    Class,
    Object(&'a Expr),
    /// The method's own first parameter, by `super()`.
    Own(&'a str),
}

impl<'a> Module<'a> {
    /// `None`: nothing is known, or it is no function of the program.
    pub(crate) fn callee(
        &self,
        callee: &'a Expr,
        scope: Scope,
        bindings: &Bindings<'a>,
    ) -> Option<Callee<'a>> {
        let found = match callee {
            Expr::Name(name) => Callee {
                targets: vec![self.scopes.function_named(scope, name.id.as_str())?],
                receiver: Receiver::None,
                name: name.id.as_str(),
            },
            Expr::Attribute(attribute) => {
                self.method(&attribute.value, attribute.attr.as_str(), scope, bindings)?
            }
            _ => return None,
        };
        let known = found
            .targets
            .iter()
            .all(|target| self.callable(*target).is_some());
        known.then_some(found)
    }

    fn method(
        &self,
        owner: &'a Expr,
        name: &'a str,
        scope: Scope,
        bindings: &Bindings<'a>,
    ) -> Option<Callee<'a>> {
        if self.scopes.all_methods(name).is_empty() || self.is_stored_attribute(name) {
            return None;
        }
        if let Expr::Name(class) = owner
            && self.scopes.owner(scope, class.id.as_str()) == Some(Scope::MODULE)
            && let Some(class) = self.classes.named(class.id.as_str())
        {
            return self.of_class(class, name);
        }
        if is_super(owner) {
            return self.of_super(name, scope);
        }
        let receivers = Receivers {
            module: self,
            bindings,
        };
        let mut targets = Vec::new();
        let found = receivers.classes_of(owner, scope)?;
        if found.claimed {
            targets.extend(self.scopes.all_methods(name));
        }
        for class in found.classes {
            targets.extend(
                self.classes
                    .methods(class, found.exact, name, &self.scopes)?,
            );
        }
        targets.sort_unstable();
        targets.dedup();
        let receiver = self.receiver(&targets, owner)?;
        Some(Callee {
            targets,
            receiver,
            name,
        })
    }

    /// All targets must take the same thing first.
    fn receiver(&self, targets: &[Scope], owner: &'a Expr) -> Option<Receiver<'a>> {
        let mut kinds = targets.iter().filter_map(|target| self.kind(*target));
        let first = kinds.next()?;
        if kinds.any(|kind| kind != first) {
            return None;
        }
        match first {
            MethodKind::Plain => Some(Receiver::Object(owner)),
            MethodKind::Static => Some(Receiver::None),
            MethodKind::Class => Some(Receiver::Class),
            MethodKind::Property | MethodKind::Wrapped => None,
        }
    }

    fn kind(&self, method: Scope) -> Option<MethodKind> {
        self.scopes.info(method).node.map(method_kind)
    }

    /// `Class.method(…)`.
    fn of_class(&self, class: ClassId, name: &'a str) -> Option<Callee<'a>> {
        let method = self.classes.method(class, name, &self.scopes)?;
        let receiver = match self.kind(method)? {
            MethodKind::Static => Receiver::None,
            MethodKind::Class => Receiver::Class,
            _ => return None,
        };
        Some(Callee {
            targets: vec![method],
            receiver,
            name,
        })
    }

    /// `super().method(…)`, where there is one line of classes only.
    fn of_super(&self, name: &'a str, scope: Scope) -> Option<Callee<'a>> {
        let info = self.scopes.info(scope);
        let base = self.classes.only_base(info.class?)?;
        let own = first_parameter(&info.node?.parameters)?;
        let method = self.classes.method(base, name, &self.scopes)?;
        (self.kind(method)? == MethodKind::Plain).then(|| Callee {
            targets: vec![method],
            receiver: Receiver::Own(own),
            name,
        })
    }
}

pub(super) fn is_super(expression: &Expr) -> bool {
    matches!(expression, Expr::Call(call)
        if matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "super")
            && call.arguments.is_empty())
}

pub(crate) fn first_parameter(parameters: &Parameters) -> Option<&str> {
    let mut places = parameters.posonlyargs.iter().chain(&parameters.args);
    places.next().map(|parameter| parameter.name().as_str())
}
