//! Puts the slices, and the scope in which they start what they call, around the stretch of the body.

use std::collections::HashMap;

use dice_program::ast::{Ranged, Stmt};

use super::Slices;
use super::helpers::Helpers;
use super::node::{Names, Node};
use super::text::Writer;
use crate::emit::{NewNames, Patches, reindent};
use crate::plan::FunctionPlan;
use crate::plan::block::Rest;
use crate::speculation::Speculation;

/// Lines of the text: what comes before the stretch, the stretch, and what comes after it.
pub(super) struct Place {
    range: (usize, usize),
    head: String,
    pub(super) body: String,
    tail: String,
}

/// The scope that a slice is started in.
pub(super) struct Early {
    /// If nothing in the body has that name.
    name: &'static str,
    /// What it is called otherwise.
    otherwise: &'static str,
    /// Of `hermod.ahead`.
    arguments: String,
    /// What the slice may be called, best first.
    slice: Vec<String>,
}

impl Early {
    pub(super) const fn decided(slice: Vec<String>) -> Self {
        Self {
            name: "early",
            otherwise: "early_on",
            arguments: String::new(),
            slice,
        }
    }

    /// For a slice that guesses.
    pub(super) fn guessed(speculation: Speculation) -> Self {
        Self {
            name: "guess",
            otherwise: "guessing",
            arguments: format!("speculate={speculation}"),
            slice: vec!["guess_ahead".to_owned()],
        }
    }

    pub(super) fn name(&self, body: &str, names: &mut NewNames) -> String {
        // Scopes of other forms, which get their names later, may be called `early`, too.
        let decided = self.arguments.is_empty();
        match body.contains(self.name) || decided && body.contains(['\0']) {
            true => names.claim(self.otherwise),
            false if decided => self.name.to_owned(),
            false => names.claim(self.name),
        }
    }
}

impl<'a> FunctionPlan<'a, '_> {
    pub(super) fn write_slice(
        &mut self,
        stretch: &'a [Stmt],
        place: Place,
        slices: &Slices<'a>,
        helpers: &Helpers<'a>,
        renamed: &Patches<'a>,
        scope: &Early,
    ) {
        let (nodes, parameters) = (&slices.nodes, &slices.parameters);
        let wish = self.planner.names.free_of(&scope.slice).to_owned();
        let package = self.planner.package();
        let first = &stretch[0];
        let early = scope.name(&place.body, &mut self.planner.names);
        let arguments = &scope.arguments;
        let indentation = self.layout.indentation(first).to_owned();
        let mut definitions = Vec::new();
        for (scope, nodes) in &slices.helpers {
            let Some(helper) = helpers.get(*scope) else {
                continue;
            };
            let parameters = helper.function.parameters.args.iter();
            let parameters = parameters.map(|one| one.parameter.name.as_str()).collect();
            let mut writer = self.slice_writer(parameters, nodes, renamed, &indentation, &early);
            writer.helper(helper, nodes);
            definitions.append(&mut writer.definitions);
        }
        let given = parameters.iter().copied().collect();
        let mut writer = self.slice_writer(given, nodes, renamed, &indentation, &early);
        let name = writer.whole(&wish, parameters, nodes);
        definitions.append(&mut writer.definitions);
        let start = format!("{early}.start({name}({}))", parameters.join(", "));
        let scope = format!("{package}.ahead({arguments}) as {early}");
        self.write_scope(place, first, &definitions, &scope, &start);
    }

    /// The stretch in a scope, behind what is defined for it and the line that starts that.
    pub(super) fn write_scope(
        &mut self,
        place: Place,
        first: &Stmt,
        definitions: &[String],
        scope: &str,
        line: &str,
    ) {
        let Place {
            range: (start, end),
            body,
            head,
            tail,
        } = place;
        let indentation = self.layout.indentation(first);
        let mut text = definitions.join("\n");
        let unit = &self.unit;
        let inner = reindent(&body, unit.chars().count() as isize, unit);
        text.push_str(&format!(
            "\n{indentation}async with {scope}:\n{indentation}{unit}{line}\n{inner}",
        ));
        let above = format!("{}{head}", &self.layout.source[..start]);
        let gap = match above.ends_with(":\n") || above.ends_with("\n\n") {
            true => "",
            false => "\n",
        };
        self.planner
            .patches
            .replace(start, end, format!("{head}{gap}{text}{tail}"));
    }

    pub(super) fn slice_writer<'w>(
        &'w mut self,
        parameters: Names<'a>,
        nodes: &[Node<'a>],
        patches: &'w Patches<'a>,
        indentation: &str,
        early: &str,
    ) -> Writer<'a, 'w> {
        let mut bound = parameters;
        let mut changed = Names::new();
        for node in nodes {
            bound.extend(node.all_binds());
            changed.extend(node.all_changes());
        }
        Writer {
            patches,
            names: &mut self.planner.names,
            layout: self.layout,
            unit: self.unit.clone(),
            indentation: indentation.to_owned(),
            early: early.to_owned(),
            bound,
            changed,
            definitions: Vec::new(),
            in_loop: false,
            handed: HashMap::new(),
        }
    }

    /// Where the stretch stands, with what other forms have made of it and of the lines around it.
    pub(super) fn place(&self, stretch: &'a [Stmt]) -> Option<Place> {
        let (patches, source) = (&self.planner.patches, self.layout.source);
        let start = self
            .layout
            .line_start(stretch[0].range().start().to_usize());
        let end = self
            .layout
            .line_end(stretch[stretch.len() - 1].range().end().to_usize());
        let from = patches
            .covering(start)
            .map_or(start, |(from, ..)| from.min(start));
        let to = patches
            .covering(end - 1)
            .map_or(end, |(_, to, _)| to.max(end));
        let text = patches.slice(from, to);
        let body = text.strip_prefix(&source[from..start]);
        let body = body.or_else(|| self.rest_of(start, &text))?;
        let tail = &source[end..to];
        let tail = if body.ends_with(tail) { tail } else { "" };
        Some(Place {
            range: (from, to),
            head: text[..text.len() - body.len()].to_owned(),
            body: body[..body.len() - tail.len()].to_owned(),
            tail: tail.to_owned(),
        })
    }

    /// The part of a block's text that begins with the statement in that line.
    fn rest_of<'t>(&self, line: usize, text: &'t str) -> Option<&'t str> {
        let Rest { length, rest, .. } = *self.rests.get(&line)?;
        let body = text.get(text.len().checked_sub(rest)?..)?;
        (text.len() == length).then(|| body.trim_start_matches('\n'))
    }
}
