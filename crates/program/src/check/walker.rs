//! The walk over a program: what each name may hold, scope by scope, in order of execution.
//!
//! It goes over the program a few times: what helpers are given and give back in one round is known
//! in the next, and only the last round's findings count.

use std::collections::HashMap;

use dice_catalog::Catalog;

use super::CheckOptions;
use super::Input;
use super::facts::Facts;
use super::kind::Kind;
use crate::ast::{Expr, Stmt, StmtFunctionDef};
use crate::calls::{CallSites, find_calls};
use crate::diagnostic::{Diagnostic, Severity};
use crate::parse::Parsed;

/// Helpers that call helpers are known this deep.
const ROUNDS: usize = 4;

/// What names hold at one point.
pub(super) type Names = HashMap<String, Kind>;

pub(super) struct Walker<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) catalog: &'a Catalog,
    pub(super) inputs: Option<&'a [Input]>,
    pub(super) sites: CallSites<'a>,
    pub(super) facts: Facts,
    /// At the point where the walk is.
    pub(super) names: Names,
    /// All that each name of the current scope has held: what inner functions see.
    pub(super) held: Names,
    /// Functions of the current scope, walked after it.
    pending: Vec<&'a StmtFunctionDef>,
    pub(super) function: Option<Function<'a>>,
    /// `try` blocks with handlers around the current point.
    pub(super) guarded: usize,
    helpers: HashMap<&'a str, Helper>,
    learned: HashMap<&'a str, Helper>,
    found: Vec<Diagnostic>,
}

/// The function whose body is walked.
pub(super) struct Function<'a> {
    name: &'a str,
    pub(super) is_async: bool,
}

/// What was learned about a function of the program in the round before.
#[derive(Clone, Default)]
struct Helper {
    given: HashMap<String, Kind>,
    result: Option<Kind>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(parsed: &'a Parsed, catalog: &'a Catalog, options: &'a CheckOptions) -> Self {
        Self {
            parsed,
            catalog,
            inputs: options.inputs.as_deref(),
            sites: find_calls(parsed),
            facts: Facts::gather(parsed.body()),
            names: Names::new(),
            held: Names::new(),
            pending: Vec::new(),
            function: None,
            guarded: 0,
            helpers: HashMap::new(),
            learned: HashMap::new(),
            found: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Vec<Diagnostic> {
        for _ in 0..ROUNDS {
            self.found.clear();
            self.names.clear();
            self.walk_scope(self.parsed.body(), Names::new());
            self.helpers = std::mem::take(&mut self.learned);
        }
        self.found
    }

    /// Walks a scope's body, then the functions defined in it.
    fn walk_scope(&mut self, body: &'a [Stmt], names: Names) {
        let outer_names = std::mem::replace(&mut self.names, names.clone());
        let outer_held = std::mem::replace(&mut self.held, names);
        let outer_pending = std::mem::take(&mut self.pending);
        let outer_guarded = std::mem::take(&mut self.guarded);
        self.block(body);
        for function in std::mem::take(&mut self.pending) {
            self.walk_function(function);
        }
        self.names = outer_names;
        self.held = outer_held;
        self.pending = outer_pending;
        self.guarded = outer_guarded;
    }

    fn walk_function(&mut self, function: &'a StmtFunctionDef) {
        let mut names = self.held.clone();
        let given = self
            .helpers
            .get(function.name.as_str())
            .map(|helper| helper.given.clone());
        for parameter in &function.parameters {
            let name = parameter.name().as_str();
            let annotated = parameter
                .annotation()
                .map(|annotation| self.annotated(annotation));
            let known = given.as_ref().and_then(|given| given.get(name)).cloned();
            let kind = match annotated {
                None | Some(Kind::Unknown) => known.filter(|_| self.is_plain_helper(function)),
                annotated => annotated,
            };
            names.insert(name.to_owned(), kind.unwrap_or(Kind::Unknown));
        }
        let outer = self.function.replace(Function {
            name: function.name.as_str(),
            is_async: function.is_async,
        });
        self.walk_scope(&function.body, names);
        if !matches!(function.body.last(), Some(Stmt::Return(_) | Stmt::Raise(_))) {
            self.learn_result(function.name.as_str(), Kind::NULL);
        }
        self.function = outer;
    }

    pub(super) fn define(&mut self, function: &'a StmtFunctionDef) {
        self.pending.push(function);
        self.bind(function.name.as_str(), Kind::Unknown);
    }

    /// Is it called by its name only, defined once, undecorated, so that its calls in the text are
    /// all there are?
    pub(super) fn is_plain_helper(&self, function: &StmtFunctionDef) -> bool {
        let parameters = &function.parameters;
        function.decorator_list.is_empty()
            && parameters.vararg.is_none()
            && parameters.kwarg.is_none()
            && !self.facts.used_as_value.contains(function.name.as_str())
            && self.facts.bindings.get(function.name.as_str()) == Some(&1)
    }

    /// The one definition of a plain helper of this name.
    pub(super) fn helper(&self, name: &str) -> Option<&'a StmtFunctionDef> {
        let found = find_function(self.parsed.body(), name)?;
        self.is_plain_helper(found).then_some(found)
    }

    pub(super) fn learn_given(&mut self, function: &'a str, parameter: &str, kind: Kind) {
        let given = &mut self.learned.entry(function).or_default().given;
        let kind = match given.remove(parameter) {
            Some(before) => before.join(kind),
            None => kind,
        };
        given.insert(parameter.to_owned(), kind);
    }

    pub(super) fn learn_returned(&mut self, kind: Kind) {
        if let Some(name) = self.function.as_ref().map(|function| function.name) {
            self.learn_result(name, kind);
        }
    }

    fn learn_result(&mut self, function: &'a str, kind: Kind) {
        let result = &mut self.learned.entry(function).or_default().result;
        *result = Some(match result.take() {
            Some(before) => before.join(kind),
            None => kind,
        });
    }

    /// What a helper gave back in the round before.
    pub(super) fn result_of(&self, function: &str) -> Kind {
        let result = self
            .helpers
            .get(function)
            .and_then(|helper| helper.result.clone());
        result.unwrap_or(Kind::Unknown)
    }

    pub(super) fn bind(&mut self, name: &str, kind: Kind) {
        let kind = if self.facts.opaque.contains(name) {
            Kind::Unknown
        } else {
            kind
        };
        let held = match self.held.remove(name) {
            Some(before) => before.join(kind.clone()),
            None => kind.clone(),
        };
        self.held.insert(name.to_owned(), held);
        self.names.insert(name.to_owned(), kind);
    }

    /// `target = …` for any target.
    pub(super) fn bind_target(&mut self, target: &'a Expr, kind: Kind) {
        match target {
            Expr::Name(name) => self.bind(&name.id, kind),
            Expr::Starred(starred) => self.bind_target(&starred.value, Kind::list(Kind::Unknown)),
            Expr::Tuple(tuple) => self.bind_parts(&tuple.elts, &kind),
            Expr::List(list) => self.bind_parts(&list.elts, &kind),
            other => {
                self.kind_of(other);
            }
        }
    }

    fn bind_parts(&mut self, targets: &'a [Expr], kind: &Kind) {
        let starred = targets
            .iter()
            .any(|target| matches!(target, Expr::Starred(_)));
        for (index, target) in targets.iter().enumerate() {
            let part = match kind {
                Kind::Tuple(parts) if !starred => {
                    parts.get(index).cloned().unwrap_or(Kind::Unknown)
                }
                _ if starred => Kind::Unknown,
                other => other.item().unwrap_or(Kind::Unknown),
            };
            self.bind_target(target, part);
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// What a handler may be meant for is only a warning inside `try`.
    pub(super) fn report_guarded(&mut self, mut diagnostic: Diagnostic) {
        if self.guarded > 0 {
            diagnostic.severity = Severity::Warning;
        }
        self.report(diagnostic);
    }

    /// The full name of an imported thing: `Image.open` is `PIL.Image.open`.
    pub(super) fn dotted(&self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::Name(name) => {
                let bindings = self.facts.bindings.get(name.id.as_str());
                let imported = self.facts.imported.get(name.id.as_str());
                imported.filter(|_| bindings == Some(&1)).cloned()
            }
            Expr::Attribute(attribute) => Some(format!(
                "{}.{}",
                self.dotted(&attribute.value)?,
                attribute.attr
            )),
            _ => None,
        }
    }
}

fn find_function<'a>(body: &'a [Stmt], name: &str) -> Option<&'a StmtFunctionDef> {
    body.iter().find_map(|statement| match statement {
        Stmt::FunctionDef(function) if function.name.as_str() == name => Some(function),
        Stmt::FunctionDef(function) => find_function(&function.body, name),
        _ => None,
    })
}
