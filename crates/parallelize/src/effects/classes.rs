//! The classes of the program: what they are built on, and which function a method call may mean.

use std::collections::{HashMap, HashSet};

use dice_program::ast::{Expr, Stmt, StmtClassDef, StmtFunctionDef};

use super::constants::is_literal;
use super::scopes::{ClassId, Scope, Scopes};

/// How a function in a class is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodKind {
    /// With the object as its first argument.
    Plain,
    Static,
    /// With the class as its first argument.
    Class,
    /// Called by reading an attribute.
    Property,
    /// A decorator that nothing is known about.
    Wrapped,
}

#[derive(Debug)]
pub(crate) struct Class<'a> {
    pub(crate) node: &'a StmtClassDef,
    pub(crate) dataclass: bool,
    /// Classes of the program that it is built on, nearest first.
    bases: Vec<ClassId>,
    /// Classes of the program built on it, at any distance.
    below: Vec<ClassId>,
    /// Are all its bases and decorators understood?
    pub(crate) known: bool,
    /// Annotated in its body: attributes of its objects.
    pub(crate) fields: HashMap<&'a str, &'a Expr>,
    /// Assigned in its body: shared by its objects.
    attributes: HashSet<&'a str>,
}

#[derive(Debug, Default)]
pub(crate) struct Classes<'a> {
    all: Vec<Class<'a>>,
    names: HashMap<&'a str, ClassId>,
}

/// Bases that bring no behaviour that matters.
const KNOWN_BASES: &[&str] = &[
    "object",
    "ABC",
    "Protocol",
    "Generic",
    "NamedTuple",
    "TypedDict",
    "Enum",
    "IntEnum",
    "StrEnum",
    "Exception",
    "ValueError",
    "RuntimeError",
    "KeyError",
    "LookupError",
    "TypeError",
    "OSError",
];

impl<'a> Classes<'a> {
    pub(crate) fn new(scopes: &Scopes<'a>) -> Self {
        let mut classes = Self::default();
        for (at, node) in scopes.classes.iter().enumerate() {
            let scope = scopes.of_class(ClassId(at));
            let name = node.name.as_str();
            let once = scopes.info(scope).bound.get(name) == Some(&1);
            if once && scope == Scope::MODULE {
                classes.names.insert(name, ClassId(at));
            }
        }
        for node in &scopes.classes {
            let class = classes.class(node);
            classes.all.push(class);
        }
        for at in 0..classes.all.len() {
            for above in classes.line(ClassId(at)).into_iter().skip(1) {
                classes.all[above.0].below.push(ClassId(at));
            }
        }
        for at in 0..classes.all.len() {
            let line = classes.line(ClassId(at));
            classes.all[at].known = line.iter().all(|above| classes.all[above.0].known);
        }
        classes
    }

    fn class(&self, node: &'a StmtClassDef) -> Class<'a> {
        let mut class = Class {
            node,
            dataclass: false,
            bases: Vec::new(),
            below: Vec::new(),
            known: true,
            fields: HashMap::new(),
            attributes: HashSet::new(),
        };
        for decorator in &node.decorator_list {
            match last_name(&decorator.expression) {
                Some("dataclass") => class.dataclass = true,
                Some("total_ordering" | "runtime_checkable" | "final" | "unique") => {}
                _ => class.known = false,
            }
        }
        class.known &= node.keywords().iter().all(|keyword| {
            let metaclass = keyword.arg.as_ref().map(|name| name.as_str()) == Some("metaclass");
            metaclass && last_name(&keyword.value) == Some("ABCMeta")
        });
        for base in node.bases() {
            let name = last_name(base).unwrap_or_default();
            match self.names.get(name) {
                Some(base) => class.bases.push(*base),
                None => class.known &= KNOWN_BASES.contains(&name),
            }
        }
        for statement in &node.body {
            class.understand(statement);
        }
        class
    }

    pub(crate) fn get(&self, class: ClassId) -> &Class<'a> {
        &self.all[class.0]
    }

    /// The class that a name of the module means throughout.
    pub(crate) fn named(&self, name: &str) -> Option<ClassId> {
        self.names.get(name).copied()
    }

    /// The class and those it is built on, in the order in which attributes are looked up.
    pub(crate) fn line(&self, class: ClassId) -> Vec<ClassId> {
        let mut line = vec![class];
        let mut at = 0;
        while let Some(next) = line.get(at) {
            let bases = self.all[next.0].bases.clone();
            for base in bases {
                if !line.contains(&base) {
                    line.push(base);
                }
            }
            at += 1;
        }
        line
    }

    /// The methods that `name` may mean on an object of the class, or of one built on it; `None` if it
    /// may be anything else.
    pub(crate) fn methods(
        &self,
        class: ClassId,
        exact: bool,
        name: &str,
        scopes: &Scopes<'a>,
    ) -> Option<Vec<Scope>> {
        let mut found = vec![self.method(class, name, scopes)?];
        if !exact {
            for below in &self.get(class).below {
                found.push(self.method(*below, name, scopes)?);
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    /// The method that an object of exactly this class has.
    pub(crate) fn method(&self, class: ClassId, name: &str, scopes: &Scopes<'a>) -> Option<Scope> {
        for above in self.line(class) {
            let known = &self.all[above.0];
            if !known.known || known.attributes.contains(name) || known.fields.contains_key(name) {
                return None;
            }
            match scopes.methods_named(above, name) {
                [] => {}
                [one] => return Some(*one),
                _ => return None,
            }
        }
        None
    }

    pub(crate) fn with_those_below(&self, class: ClassId) -> impl Iterator<Item = ClassId> {
        let below = self.get(class).below.iter().copied();
        std::iter::once(class).chain(below)
    }

    /// The one class of the program that it is built on, if no other line of classes can mix in.
    pub(crate) fn only_base(&self, class: ClassId) -> Option<ClassId> {
        let known = self.get(class);
        let lines = known.below.iter().chain([&class]);
        let single = lines.copied().all(|one| self.get(one).bases.len() < 2);
        match known.bases.as_slice() {
            [base] if single => Some(*base),
            _ => None,
        }
    }

    /// Does the body of any class give its objects such an attribute?
    pub(crate) fn give(&self, name: &str) -> bool {
        let mut all = self.all.iter();
        all.any(|class| class.fields.contains_key(name) || class.attributes.contains(name))
    }

    /// The annotation of an attribute of the class's objects.
    pub(crate) fn field(&self, class: ClassId, name: &str) -> Option<&'a Expr> {
        let mut line = self.line(class).into_iter();
        line.find_map(|above| self.all[above.0].fields.get(name).copied())
    }
}

impl<'a> Class<'a> {
    fn understand(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::AnnAssign(field) => {
                if let Expr::Name(name) = &*field.target {
                    self.fields.insert(name.id.as_str(), &field.annotation);
                }
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.attributes.extend(super::target_names(target));
                }
            }
            Stmt::FunctionDef(_) | Stmt::Pass(_) | Stmt::Expr(_) | Stmt::ClassDef(_) => {}
            _ => self.known = false,
        }
    }

    pub(crate) fn is_enum(&self) -> bool {
        let mut bases = self.node.bases().iter();
        bases.any(|base| last_name(base).is_some_and(|name| name.ends_with("Enum")))
    }

    /// Are the defaults of its fields plain values, or made anew for each object?
    pub(crate) fn has_plain_defaults(&self) -> bool {
        self.node.body.iter().all(|statement| match statement {
            Stmt::AnnAssign(field) => match field.value.as_deref() {
                Some(Expr::Call(call)) if last_name(&call.func) == Some("field") => {
                    call.arguments.keywords.iter().all(|keyword| {
                        let value = &keyword.value;
                        is_literal(value) || is_container(value)
                    })
                }
                value => !self.dataclass || value.is_none_or(is_literal),
            },
            _ => true,
        })
    }
}

fn is_container(expression: &Expr) -> bool {
    matches!(
        last_name(expression),
        Some("list" | "dict" | "set" | "Counter")
    ) && expression.is_name_expr()
}

pub(crate) fn method_kind(function: &StmtFunctionDef) -> MethodKind {
    let mut kind = MethodKind::Plain;
    for decorator in &function.decorator_list {
        kind = match last_name(&decorator.expression) {
            Some("staticmethod") => MethodKind::Static,
            Some("classmethod") => MethodKind::Class,
            Some("property") => MethodKind::Property,
            Some("abstractmethod" | "override" | "final") => kind,
            _ => return MethodKind::Wrapped,
        };
    }
    kind
}

/// `dataclass` of `@dataclasses.dataclass(frozen=True)`.
pub(crate) fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        Expr::Call(call) => last_name(&call.func),
        Expr::Subscript(subscript) => last_name(&subscript.value),
        _ => None,
    }
}
