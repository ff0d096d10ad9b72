//! Of which classes of the program an object may be, so that a method call can be followed.

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::Expr;

use super::bindings::{Bindings, Source};
use crate::effects::{ClassId, MethodKind, Module, Scope, first_parameter, method_kind};

/// Longest chain of names followed.
const DEEPEST: usize = 12;

#[derive(Clone, Copy)]
pub(crate) struct Receivers<'a, 'w> {
    pub(crate) module: &'w Module<'a>,
    pub(crate) bindings: &'w Bindings<'a>,
}

/// An object is of one of these classes, or, unless `exact`, of one built on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) classes: BTreeSet<ClassId>,
    pub(crate) exact: bool,
    /// Only an annotation says so, which may be wrong about the class.
    pub(crate) claimed: bool,
}

impl Found {
    fn one(class: ClassId, exact: bool) -> Self {
        Self {
            classes: BTreeSet::from([class]),
            exact,
            claimed: false,
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.classes.extend(other.classes);
        self.exact &= other.exact;
        self.claimed |= other.claimed;
        self
    }
}

impl<'a> Receivers<'a, '_> {
    pub(crate) fn classes_of(&self, expression: &'a Expr, scope: Scope) -> Option<Found> {
        let mut search = Search {
            of: *self,
            visited: HashSet::new(),
        };
        search.of(expression, scope, 0)
    }
}

struct Search<'a, 'w> {
    of: Receivers<'a, 'w>,
    visited: HashSet<(Scope, &'a str)>,
}

impl<'a> Search<'a, '_> {
    fn of(&mut self, expression: &'a Expr, scope: Scope, depth: usize) -> Option<Found> {
        if depth > DEEPEST {
            return None;
        }
        let depth = depth + 1;
        match expression {
            Expr::Name(name) => self.name(name.id.as_str(), scope, depth),
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => self.made_by(name.id.as_str(), scope),
                _ => None,
            },
            Expr::Attribute(attribute) => {
                let owner = self.of(&attribute.value, scope, depth)?;
                self.attribute(&owner, attribute.attr.as_str(), depth)
            }
            Expr::Subscript(subscript) if !subscript.slice.is_slice_expr() => {
                self.item(&subscript.value, scope, depth)
            }
            Expr::Await(_) => None,
            Expr::If(choice) => {
                let body = self.of(&choice.body, scope, depth)?;
                Some(body.join(self.of(&choice.orelse, scope, depth)?))
            }
            _ => None,
        }
    }

    fn made_by(&self, name: &'a str, scope: Scope) -> Option<Found> {
        let module = self.of.module;
        let at_module = module.scopes.owner(scope, name) == Some(Scope::MODULE);
        let class = module.classes.named(name).filter(|_| at_module)?;
        Some(Found::one(class, true))
    }

    fn name(&mut self, name: &'a str, scope: Scope, depth: usize) -> Option<Found> {
        let module = self.of.module;
        let owner = module.scopes.owner(scope, name)?;
        if let Some(class) = self.itself(name, owner) {
            return Some(Found::one(class, false));
        }
        if !self.visited.insert((owner, name)) {
            return None;
        }
        let mut found: Option<Found> = None;
        if let Some(annotation) = self.of.bindings.annotation(owner, name) {
            return self.annotated(annotation);
        }
        if self.of.bindings.is_parameter(owner, name) {
            return None;
        }
        for source in self.of.bindings.sources_at(owner, name)? {
            let one = match *source {
                Source::Value(value) => self.of(value, owner, depth)?,
                Source::Item(items, None) => self.item(items, owner, depth)?,
                _ => return None,
            };
            found = Some(match found {
                Some(found) => found.join(one),
                None => one,
            });
        }
        self.visited.remove(&(owner, name));
        found
    }

    /// `self`, where nothing else is bound to it.
    fn itself(&self, name: &str, owner: Scope) -> Option<ClassId> {
        let info = self.of.module.scopes.info(owner);
        let node = info.node?;
        let first = first_parameter(&node.parameters) == Some(name);
        let plain =
            method_kind(node) == MethodKind::Plain || method_kind(node) == MethodKind::Property;
        (first && plain && info.bound.get(name) == Some(&1))
            .then_some(info.class)
            .flatten()
    }

    /// Annotations say "a class of the program"; which one, they may be wrong about.
    fn annotated(&self, annotation: &'a Expr) -> Option<Found> {
        let class = self.named_in(annotation)?;
        Some(Found {
            claimed: true,
            ..Found::one(class, false)
        })
    }

    fn named_in(&self, annotation: &'a Expr) -> Option<ClassId> {
        let classes = &self.of.module.classes;
        match annotation {
            Expr::Name(name) => classes.named(name.id.as_str()),
            Expr::StringLiteral(text) => classes.named(text.value.to_str()),
            _ => None,
        }
    }

    /// The classes of the items of a container.
    fn item(&mut self, items: &'a Expr, scope: Scope, depth: usize) -> Option<Found> {
        if depth > DEEPEST {
            return None;
        }
        let depth = depth + 1;
        match items {
            Expr::List(list) => self.all(&list.elts, scope, depth),
            Expr::Tuple(tuple) => self.all(&tuple.elts, scope, depth),
            Expr::Dict(dict) => self.all(dict.items.iter().map(|item| &item.value), scope, depth),
            Expr::ListComp(list) => self.of(&list.elt, scope, depth),
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(attribute) if attribute.attr.as_str() == "values" => {
                    self.item(&attribute.value, scope, depth)
                }
                Expr::Name(name) if matches!(name.id.as_str(), "list" | "sorted" | "reversed") => {
                    self.item(call.arguments.args.first()?, scope, depth)
                }
                _ => None,
            },
            Expr::Name(name) => self.items_of_name(name.id.as_str(), scope, depth),
            Expr::Attribute(attribute) => {
                let owner = self.of(&attribute.value, scope, depth)?;
                self.items_of_attribute(&owner, attribute.attr.as_str(), depth)
            }
            _ => None,
        }
    }

    fn items_of_name(&mut self, name: &'a str, scope: Scope, depth: usize) -> Option<Found> {
        let module = self.of.module;
        let owner = module.scopes.owner(scope, name)?;
        if let Some(annotation) = self.of.bindings.annotation(owner, name) {
            return self.annotated_item(annotation);
        }
        if self.of.bindings.is_parameter(owner, name) {
            return None;
        }
        let mut found: Option<Found> = None;
        let mut join = |one: Option<Found>| -> Option<()> {
            let one = one?;
            found = Some(found.take().map_or(one.clone(), |found| found.join(one)));
            Some(())
        };
        for held in self.of.bindings.held_by(owner, name) {
            join(self.of((*held)?, owner, depth))?;
        }
        for source in self.of.bindings.sources_at(owner, name)? {
            match *source {
                Source::Value(Expr::List(list)) if list.elts.is_empty() => {}
                Source::Value(value) => join(self.item(value, owner, depth))?,
                _ => return None,
            }
        }
        found
    }

    fn items_of_attribute(&mut self, owner: &Found, name: &'a str, depth: usize) -> Option<Found> {
        let mut found: Option<Found> = None;
        let mut join = |one: Option<Found>| -> Option<()> {
            let one = one?;
            found = Some(found.take().map_or(one.clone(), |found| found.join(one)));
            Some(())
        };
        if let Some(annotations) = self.fields(owner, name) {
            for annotation in annotations {
                join(self.annotated_item(annotation))?;
            }
            return found;
        }
        for (scope, held) in self.of.bindings.held_by_attribute(name) {
            join(self.of((*held)?, *scope, depth))?;
        }
        for (scope, value) in self.of.bindings.stored(name) {
            match (*value)? {
                Expr::List(list) if list.elts.is_empty() => {}
                Expr::Dict(dict) if dict.items.is_empty() => {}
                value => join(self.item(value, *scope, depth))?,
            }
        }
        found
    }

    /// The annotations of the attribute, if all classes have one.
    fn fields(&self, owner: &Found, name: &str) -> Option<Vec<&'a Expr>> {
        let classes = owner.classes.iter();
        let fields = classes.map(|class| self.of.module.classes.field(*class, name));
        fields.collect()
    }

    fn annotated_item(&self, annotation: &'a Expr) -> Option<Found> {
        let Expr::Subscript(subscript) = annotation else {
            return None;
        };
        let of_list = matches!(&*subscript.value, Expr::Name(name)
            if matches!(name.id.as_str(), "list" | "List" | "Sequence" | "Iterable" | "set"));
        of_list.then(|| self.annotated(&subscript.slice)).flatten()
    }

    fn all(
        &mut self,
        values: impl IntoIterator<Item = &'a Expr>,
        scope: Scope,
        depth: usize,
    ) -> Option<Found> {
        let mut found: Option<Found> = None;
        for value in values {
            let one = self.of(value, scope, depth)?;
            found = Some(found.map_or(one.clone(), |found| found.join(one)));
        }
        found
    }

    /// An attribute, by its annotation in the class, or by everything that is ever stored in it.
    fn attribute(&mut self, owner: &Found, name: &'a str, depth: usize) -> Option<Found> {
        let mut found: Option<Found> = None;
        if let Some(annotations) = self.fields(owner, name) {
            for annotation in annotations {
                let one = self.annotated(annotation)?;
                found = Some(found.map_or(one.clone(), |found| found.join(one)));
            }
            return found;
        }
        for (scope, value) in self.of.bindings.stored(name) {
            let one = self.of((*value)?, *scope, depth)?;
            found = Some(found.map_or(one.clone(), |found| found.join(one)));
        }
        found
    }
}
