//! The text of comprehensions that wait: the element becomes a coroutine, the comprehension walks along its
//! results. With more than one `for`, the coroutine of an item walks along the items inside it.

use dice_program::ast::{Comprehension, Expr, Ranged, Stmt};

use super::FunctionPlan;
use super::ahead::waits;
use super::comprehensions::Waiting;
use crate::emit::{ScopeId, reindent, singular};

/// What a comprehension becomes.
struct Written {
    /// The coroutine of its elements.
    definition: String,
    /// The comprehension over what that gives, inside `scope`.
    whole: String,
    scope: ScopeId,
}

/// A `for` of a comprehension, being written.
struct Level<'a, 's> {
    generator: &'a Comprehension,
    /// In which its coroutine is started.
    scope: ScopeId,
    indentation: &'s str,
    coroutine: String,
    /// For a word of the element.
    noun: String,
    brackets: (char, char),
    /// Is it inside another, so that it gives a list?
    nested: bool,
}

impl<'a> FunctionPlan<'a, '_> {
    pub(super) fn write_comprehension(&mut self, statement: &'a Stmt, waiting: &Waiting<'a>) {
        let indentation = self.layout.indentation(statement);
        let around = self.early_around;
        let names = (statement, waiting.brackets, false);
        let written = self.level(waiting, waiting.generators, names, around, indentation);
        let package = self.planner.package();
        let early = self.planner.scopes.text(written.scope);
        self.planner
            .patches
            .replace_range(waiting.whole.range(), written.whole);
        let start = self.layout.line_start(statement.range().start().to_usize());
        let end = self.layout.line_end(statement.range().end().to_usize());
        let gap = if self.opens(start) { "" } else { "\n" };
        let moved = self.planner.patches.slice(start, end);
        let moved = reindent(&moved, self.unit.chars().count() as isize, &self.unit);
        let text = format!(
            "{gap}{}\n{indentation}async with {package}.ahead() as {early}:\n{moved}",
            written.definition
        );
        self.planner.patches.replace(start, end, text);
    }

    /// Does what stands at `start` come first in its block, or after a comment or blank line?
    fn opens(&self, start: usize) -> bool {
        let above = self.layout.source[..start].trim_end_matches('\n');
        let line = above.rsplit('\n').next().unwrap_or("").trim_end();
        line.ends_with(':')
            || line.trim_start().starts_with('#')
            || self.layout.source[..start].ends_with("\n\n")
    }

    fn level(
        &mut self,
        waiting: &Waiting<'a>,
        generators: &'a [Comprehension],
        (statement, brackets, nested): (&'a Stmt, (char, char), bool),
        around: Option<ScopeId>,
        indentation: &str,
    ) -> Written {
        let (generator, others) = (&generators[0], &generators[1..]);
        let scope = self.planner.scopes.claim(around);
        self.planner.scopes.open(scope);
        let noun = match &generator.target {
            Expr::Name(name) if name.id.len() > 1 => name.id.to_string(),
            _ => "item".to_owned(),
        };
        let calls = self.function_in(waiting.whole.range());
        let calls = calls.map(|function| format!("{function}_{noun}"));
        let wishes = std::iter::once(format!("ask_about_{noun}")).chain(calls);
        let level = Level {
            generator,
            scope,
            indentation,
            coroutine: self.planner.names.claim_one(wishes),
            noun,
            brackets,
            nested,
        };
        match others {
            [] => self.innermost(waiting, statement, &level),
            _ => self.outer(waiting, others, statement, &level),
        }
    }

    /// `async def ask_about_car(car):`, and the tests of the `for`; `nothing` is given where one fails.
    fn head(&mut self, level: &Level<'a, '_>, nothing: &str) -> String {
        let (indentation, unit) = (level.indentation, self.unit.clone());
        let target = self
            .planner
            .patches
            .slice_range(level.generator.target.range());
        let (parameter, unpack) = match &level.generator.target {
            Expr::Name(name) => (name.id.to_string(), String::new()),
            _ => {
                let item = self.planner.names.claim("item");
                let unpack = format!("{indentation}{unit}{target} = {item}\n");
                (item, unpack)
            }
        };
        let coroutine = &level.coroutine;
        let mut text = format!("{indentation}async def {coroutine}({parameter}):\n{unpack}");
        for test in &level.generator.ifs {
            let test = self.planner.patches.slice_range(test.range());
            text.push_str(&format!(
                "{indentation}{unit}if not ({test}):\n{indentation}{unit}{unit}return {nothing}\n"
            ));
        }
        text
    }

    fn innermost(
        &mut self,
        waiting: &Waiting<'a>,
        statement: &'a Stmt,
        level: &Level<'a, '_>,
    ) -> Written {
        let element = self.planner.patches.slice_range(waiting.element.range());
        let element = match waiting.element.is_tuple_expr() && !element.starts_with('(') {
            true => format!("({element})"),
            false => element,
        };
        // Variables of the comprehension are its own: names outside do not matter to them.
        let name = result_name(statement, &level.noun);
        let (mut names, mut values, mut nothing) = (Vec::new(), Vec::new(), Vec::new());
        let filtered = !level.generator.ifs.is_empty();
        if filtered {
            names.push("wanted");
            values.push("True".to_owned());
            nothing.push("False");
        }
        if let Some(key) = waiting.key {
            names.push("key");
            values.push(self.planner.patches.slice_range(key.range()));
            nothing.push("None");
        }
        names.push(&name);
        values.push(element);
        nothing.push("None");
        let mut definition = self.head(level, &nothing.join(", "));
        let (indentation, unit) = (level.indentation, &self.unit);
        definition.push_str(&format!(
            "{indentation}{unit}return {}\n",
            values.join(", ")
        ));
        let filter = if filtered { " if wanted" } else { "" };
        let result = given(waiting, &name, level.nested);
        let walk = self.walk(level);
        let (open, close) = level.brackets;
        Written {
            definition,
            whole: format!(
                "{open}{result} async for {} in {walk}{filter}{close}",
                names.join(", ")
            ),
            scope: level.scope,
        }
    }

    /// Its coroutine gives a list of what the comprehension has of one item.
    fn outer(
        &mut self,
        waiting: &Waiting<'a>,
        others: &'a [Comprehension],
        statement: &'a Stmt,
        level: &Level<'a, '_>,
    ) -> Written {
        let mut definition = self.head(level, "[]");
        let inner = match waits_inside(waiting, others) {
            true => self.inner_level(waiting, others, statement, level),
            false => self.inner_list(waiting, others, level),
        };
        definition.push_str(&inner);
        let name = result_name(statement, &level.noun);
        let result = given(waiting, &name, level.nested);
        let one = match waiting.key {
            Some(_) => format!("key, {name}"),
            None => name,
        };
        let walk = self.walk(level);
        let (open, close) = level.brackets;
        Written {
            definition,
            whole: format!("{open}{result} async for some in {walk} for {one} in some{close}"),
            scope: level.scope,
        }
    }

    /// The items inside an item, walked along ahead like those around them.
    fn inner_level(
        &mut self,
        waiting: &Waiting<'a>,
        others: &'a [Comprehension],
        statement: &'a Stmt,
        level: &Level<'a, '_>,
    ) -> String {
        let inner_indentation = format!("{}{}", level.indentation, self.unit);
        let names = (statement, ('[', ']'), true);
        let inner = self.level(
            waiting,
            others,
            names,
            Some(level.scope),
            &inner_indentation,
        );
        let package = self.planner.package();
        let early = self.planner.scopes.text(inner.scope);
        format!(
            "{}\n{inner_indentation}async with {package}.ahead() as {early}:\n{inner_indentation}{}return {}\n",
            inner.definition, self.unit, inner.whole
        )
    }

    /// The items inside an item, among which nothing waits.
    fn inner_list(
        &self,
        waiting: &Waiting<'a>,
        others: &'a [Comprehension],
        level: &Level<'a, '_>,
    ) -> String {
        let patches = &self.planner.patches;
        let element = patches.slice_range(waiting.element.range());
        let element = match waiting.key {
            Some(key) => format!("({}, {element})", patches.slice_range(key.range())),
            None => element,
        };
        let (first, last) = (others[0].range(), others[others.len() - 1].range());
        let walk = patches.slice(first.start().to_usize(), last.end().to_usize());
        let indentation = level.indentation;
        format!("{indentation}{}return [{element} {walk}]\n", self.unit)
    }

    /// `early.each(ask_about_car, cars)`
    fn walk(&self, level: &Level<'a, '_>) -> String {
        let early = self.planner.scopes.text(level.scope);
        let items = self
            .planner
            .patches
            .slice_range(level.generator.iter.range());
        format!("{early}.each({}, {items})", level.coroutine)
    }
}

/// Does anything wait but what the first of these walks along?
fn waits_inside(waiting: &Waiting<'_>, others: &[Comprehension]) -> bool {
    let tests = others.iter().flat_map(|generator| &generator.ifs);
    let items = others.iter().skip(1).map(|generator| &generator.iter);
    let parts = waiting.key.into_iter().chain([waiting.element]);
    tests.chain(items).chain(parts).any(waits)
}

/// What the comprehension collects; inside another it hands on keys with their values.
fn given(waiting: &Waiting<'_>, name: &str, nested: bool) -> String {
    match (waiting.key, nested) {
        (None, _) => name.to_owned(),
        (Some(_), false) => format!("key: {name}"),
        (Some(_), true) => format!("(key, {name})"),
    }
}

/// `colors = […]` gives `color`.
fn result_name(statement: &Stmt, noun: &str) -> String {
    if let Stmt::Assign(assign) = statement
        && let [Expr::Name(name)] = assign.targets.as_slice()
        && let Some(singular) = singular(&name.id)
        && singular != noun
        && !["key", "wanted", "some"].contains(&singular.as_str())
    {
        return singular;
    }
    format!("{noun}_result")
}
