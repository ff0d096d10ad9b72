//! The text of form 5: the generator, what walks along it, and the loop in place, which takes its calls.

use std::collections::{BTreeSet, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{Expr, Ranged, Stmt, TextRange};

use super::super::node::Names;
use super::super::write::Early;
use super::Turns;
use crate::decision::Decision;
use crate::emit::{NewNames, Patches, ScopeNames};
use crate::plan::FunctionPlan;

impl<'a> FunctionPlan<'a, '_> {
    /// Has the loop in place take what is handed over, and the planner leave it alone.
    pub(super) fn enter_turns(&mut self, turns: &Turns<'a>) {
        let Some(each) = turns.stretch.last() else {
            return;
        };
        for (call, name) in &turns.handed {
            let Some(place) = turns.sites.place(*call) else {
                continue;
            };
            let statement = place.statement;
            let (start, indentation) = (
                statement.range().start(),
                self.layout.indentation(statement),
            );
            let calls = &turns.calls;
            let take = format!("{name}, {calls} = await {calls}\n{indentation}");
            let patches = &mut self.planner.patches;
            patches.replace_range(*call, name.clone());
            patches.replace_range(TextRange::empty(start), take);
        }
        let mut loops = Loops::default();
        loops.visit_stmt(each);
        self.turned.push(each.range());
        self.moved
            .extend(loops.0.iter().map(|range| (each.range(), *range)));
    }

    /// Puts the generator in front of the stretch; false: there is no place for it.
    pub(super) fn write_turns(&mut self, turns: &Turns<'a>) -> bool {
        let Some(place) = self.place(turns.stretch) else {
            return false;
        };
        let first = &turns.stretch[0];
        let package = self.planner.package();
        let early = Early::decided(Vec::new()).name(&place.body, &mut self.planner.names);
        let indentation = self.layout.indentation(first).to_owned();
        let patches = self.planner.patches.without_edits();
        let given: Names<'a> = turns.parameters.iter().copied().collect();
        let mut writer = self.slice_writer(given, &turns.nodes, &patches, &indentation, &early);
        writer.handed = turns.handed.iter().cloned().collect();
        let generator = writer.generator(&turns.parameters, &turns.nodes);
        let mut definitions = std::mem::take(&mut writer.definitions);
        let next = self.planner.names.claim("next_call");
        let (unit, calls) = (&self.unit, &turns.calls);
        definitions.push(format!(
            "{indentation}async def {next}({calls}):\n\
             {indentation}{unit}call = await anext({calls})\n\
             {indentation}{unit}return call, {early}.start({next}({calls}))\n"
        ));
        let parameters = turns.parameters.join(", ");
        let line = format!("{calls} = {early}.start({next}({generator}({parameters})))");
        let scope = format!("{package}.ahead() as {early}");
        self.write_scope(place, first, &definitions, &scope, &line);
        self.explain_turns(turns);
        true
    }

    fn explain_turns(&mut self, turns: &Turns<'a>) {
        for gain in &turns.gains {
            let why = format!(
                "form 5: a generator makes the turns of the loop ahead and calls `{}` as soon as its tests are decided; the loop awaits that call in its place",
                gain.function
            );
            self.planner.moved(gain.call, "E3", why);
        }
    }
}

/// The ranges of loops and comprehensions.
#[derive(Default)]
struct Loops(Vec<TextRange>);

impl<'a> Visitor<'a> for Loops {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if matches!(statement, Stmt::For(_) | Stmt::While(_)) {
            self.0.push(statement.range());
        }
        visitor::walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if matches!(
            expression,
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_)
        ) {
            self.0.push(expression.range());
        }
        visitor::walk_expr(self, expression);
    }
}

/// The plan as it was before a form was tried.
pub(super) struct Before<'a> {
    patches: Patches<'a>,
    names: NewNames,
    scopes: ScopeNames,
    decisions: Vec<Decision>,
    claimed: BTreeSet<usize>,
    moved: Vec<(TextRange, TextRange)>,
    definite: HashSet<&'a str>,
}

impl<'a> Before<'a> {
    pub(super) fn of(plan: &FunctionPlan<'a, '_>) -> Self {
        let planner = &plan.planner;
        Self {
            patches: planner.patches.clone(),
            names: planner.names.clone(),
            scopes: planner.scopes.clone(),
            decisions: planner.decisions.clone(),
            claimed: plan.claimed.clone(),
            moved: plan.moved.clone(),
            definite: plan.definite.clone(),
        }
    }

    pub(super) fn restore(self, plan: &mut FunctionPlan<'a, '_>) {
        plan.planner.patches = self.patches;
        plan.planner.names = self.names;
        plan.planner.scopes = self.scopes;
        plan.planner.decisions = self.decisions;
        plan.claimed = self.claimed;
        plan.moved = self.moved;
        plan.definite = self.definite;
        plan.turned.clear();
    }
}
