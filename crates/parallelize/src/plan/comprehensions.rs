//! Comprehensions that wait: the element becomes a coroutine, the comprehension walks along its results.

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Comprehension, Expr, Ranged, Stmt};

use super::FunctionPlan;
use super::candidates::waits_in_expression;
use crate::dependence::is_plain;
use crate::effects::names_in;
use crate::emit::singular;

struct Waiting<'a> {
    whole: &'a Expr,
    generators: &'a [Comprehension],
    key: Option<&'a Expr>,
    element: &'a Expr,
    brackets: (char, char),
}

impl<'a> FunctionPlan<'a, '_> {
    /// Rewrites the first waiting comprehension of a simple statement.
    pub(crate) fn plan_comprehension(&mut self, statement: &'a Stmt) {
        let mut finder = Finder { found: Vec::new() };
        finder.visit_stmt(statement);
        for waiting in &finder.found {
            let range = waiting.whole.range();
            match self.comprehension_refusal(statement, waiting, finder.found.len()) {
                Some((rule, why)) => {
                    self.planner.keep(
                        range,
                        rule,
                        format!("the comprehension stays in order: {why}"),
                        Some("write it as a loop"),
                    );
                }
                None => {
                    self.write_comprehension(statement, waiting);
                    self.moved.push((range, range));
                    self.planner.moved(
                        range,
                        "A1",
                        "the elements are computed ahead, and taken in order",
                    );
                }
            }
        }
    }

    fn comprehension_refusal(
        &self,
        statement: &'a Stmt,
        waiting: &Waiting<'a>,
        count: usize,
    ) -> Option<(&'static str, String)> {
        let [generator] = waiting.generators else {
            return Some(("E3", "it has more than one `for`".into()));
        };
        if count > 1 {
            return Some(("A1", "the statement has several that wait".into()));
        }
        if !matches!(
            statement,
            Stmt::Assign(_)
                | Stmt::Expr(_)
                | Stmt::Return(_)
                | Stmt::AnnAssign(_)
                | Stmt::AugAssign(_)
        ) {
            return Some(("A1", "it is not in a simple statement".into()));
        }
        if generator.is_async || has_walrus_or_lambda(waiting.whole) {
            let names = super::ahead::walrus_names(waiting.whole);
            return Some(match names.first() {
                Some(name) => ("A5", format!("`{name}` is handed on from item to item")),
                None => ("A6", "it binds names of its own".into()),
            });
        }
        let program = &self.program;
        if !is_plain(
            &generator.iter,
            self.scope,
            program.bindings,
            program.module,
            program.sites,
        ) {
            return Some(("A6", "its items may not be fixed when it begins".into()));
        }
        let own = self.facts.of_comprehension(generator);
        if own.opaque || !own.written_states.is_empty() {
            let why = match self.writer(waiting.whole.range()) {
                Some(name) => format!("`{name}` writes"),
                None => "nothing is known about what it does".to_owned(),
            };
            return Some(("E2", why));
        }
        if own.exits.is_some() {
            return Some((
                "E3",
                "a function that may raise decides whether it goes on".into(),
            ));
        }
        if let Some(reason) = &own.in_place {
            return Some((reason.rule, reason.why.clone()));
        }
        if !own.changes_nothing()
            || names_in(waiting.whole)
                .iter()
                .any(|name| self.facts.captured.contains(name))
        {
            return Some(("A3", "it changes something in place".into()));
        }
        let unbound = own.reads.iter().find(|name| self.may_be_unbound(name));
        unbound.map(|name| ("A3", format!("`{name}` may not be bound")))
    }

    fn write_comprehension(&mut self, statement: &'a Stmt, waiting: &Waiting<'a>) {
        let generator = &waiting.generators[0];
        let indentation = self.layout.indentation(statement);
        let unit = self.unit.clone();
        let target = self.planner.patches.slice_range(generator.target.range());
        let (parameter, unpack) = match &generator.target {
            Expr::Name(name) => (name.id.to_string(), None),
            _ => (self.planner.names.claim("item"), Some(target)),
        };
        let noun = match &generator.target {
            Expr::Name(name) if name.id.len() > 1 => name.id.to_string(),
            _ => "item".to_owned(),
        };
        let asks = format!("ask_about_{noun}");
        let calls = self.function_in(waiting.whole.range());
        let calls = calls.map(|function| format!("{function}_{noun}"));
        let coroutine = self
            .planner
            .names
            .claim_one([asks].into_iter().chain(calls));
        let scope = self.planner.scopes.claim(self.early_around);
        let early = self.planner.scopes.open(scope);
        let package = self.planner.package();
        let element = self.planner.patches.slice_range(waiting.element.range());
        let element = if waiting.element.is_tuple_expr() && !element.starts_with('(') {
            format!("({element})")
        } else {
            element
        };
        // Variables of the comprehension are its own: names outside do not matter to them.
        let element_name = result_name(statement, &noun);
        let key = waiting.key.map(|key| {
            (
                self.planner.patches.slice_range(key.range()),
                "key".to_owned(),
            )
        });
        let wanted = (!generator.ifs.is_empty()).then(|| "wanted".to_owned());
        let mut names = Vec::new();
        let mut values = Vec::new();
        let mut nothing = Vec::new();
        for (name, value) in [
            wanted
                .as_ref()
                .map(|name| (name.clone(), "True".to_owned())),
            key.as_ref()
                .map(|(text, name)| (name.clone(), text.clone())),
            Some((element_name.clone(), element)),
        ]
        .into_iter()
        .flatten()
        {
            nothing.push(if names.is_empty() && wanted.is_some() {
                "False"
            } else {
                "None"
            });
            names.push(name);
            values.push(value);
        }
        let first = self.layout.line_start(statement.range().start().to_usize());
        let above = self.layout.source[..first]
            .trim_end_matches('\n')
            .rsplit('\n')
            .next()
            .unwrap_or("")
            .trim_end();
        let opens = above.ends_with(':')
            || above.trim_start().starts_with('#')
            || self.layout.source[..first].ends_with("\n\n");
        let gap = if opens { "" } else { "\n" };
        let mut text = format!("{gap}{indentation}async def {coroutine}({parameter}):\n");
        if let Some(target) = unpack {
            text.push_str(&format!("{indentation}{unit}{target} = {parameter}\n"));
        }
        for test in &generator.ifs {
            let test = self.planner.patches.slice_range(test.range());
            let nothing = nothing.join(", ");
            text.push_str(&format!(
                "{indentation}{unit}if not ({test}):\n{indentation}{unit}{unit}return {nothing}\n"
            ));
        }
        text.push_str(&format!(
            "{indentation}{unit}return {}\n\n",
            values.join(", ")
        ));
        let result = key.map_or(element_name.clone(), |(_, key)| {
            format!("{key}: {element_name}")
        });
        let items = self.planner.patches.slice_range(generator.iter.range());
        let filter = wanted.map_or(String::new(), |name| format!(" if {name}"));
        let (open, close) = waiting.brackets;
        let comprehension = format!(
            "{open}{result} async for {} in {early}.each({coroutine}, {items}){filter}{close}",
            names.join(", ")
        );
        self.planner
            .patches
            .replace_range(waiting.whole.range(), comprehension);
        text.push_str(&format!(
            "{indentation}async with {package}.ahead() as {early}:\n"
        ));
        let start = self.layout.line_start(statement.range().start().to_usize());
        let end = self.layout.line_end(statement.range().end().to_usize());
        let moved = self.planner.patches.slice(start, end);
        text.push_str(&crate::emit::reindent(
            &moved,
            unit.chars().count() as isize,
            &unit,
        ));
        self.planner.patches.replace(start, end, text);
    }
}

/// Does a comprehension of this statement wait?
pub(crate) fn waits_in_one(statement: &Stmt) -> bool {
    let mut finder = Finder { found: Vec::new() };
    finder.visit_stmt(statement);
    !finder.found.is_empty()
}

/// `colors = […]` gives `color`.
fn result_name(statement: &Stmt, noun: &str) -> String {
    if let Stmt::Assign(assign) = statement
        && let [Expr::Name(name)] = assign.targets.as_slice()
        && let Some(singular) = singular(&name.id)
        && singular != noun
        && !["key", "wanted"].contains(&singular.as_str())
    {
        return singular;
    }
    format!("{noun}_result")
}

fn has_walrus_or_lambda(expression: &Expr) -> bool {
    struct Found(bool);
    impl<'a> Visitor<'a> for Found {
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0 |= matches!(expression, Expr::Named(_) | Expr::Lambda(_));
            visitor::walk_expr(self, expression);
        }
    }
    let mut found = Found(false);
    found.visit_expr(expression);
    found.0
}

struct Finder<'a> {
    found: Vec<Waiting<'a>>,
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        let waiting = match expression {
            Expr::ListComp(list) => Some((&*list.generators, None, &*list.elt, ('[', ']'))),
            Expr::SetComp(set) => Some((&*set.generators, None, &*set.elt, ('{', '}'))),
            Expr::DictComp(dict) => Some((
                &*dict.generators,
                dict.key.as_deref(),
                &*dict.value,
                ('{', '}'),
            )),
            _ => None,
        };
        let Some((generators, key, element, brackets)) = waiting else {
            visitor::walk_expr(self, expression);
            return;
        };
        let waits = |expression: &Expr| waits_in_expression(expression) > 0;
        let inside = generators
            .iter()
            .any(|generator| generator.ifs.iter().any(waits));
        if waits(element) || key.is_some_and(waits) || inside {
            self.found.push(Waiting {
                whole: expression,
                generators,
                key,
                element,
                brackets,
            });
        }
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let scope = matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        if !scope {
            visitor::walk_stmt(self, statement);
        }
    }
}
