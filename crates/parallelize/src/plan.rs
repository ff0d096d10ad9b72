//! What moves: calls issued before earlier awaits (form 1), iterations ahead of their loop (form 2).

mod ahead;
mod block;
mod candidates;
mod children;
mod comprehensions;
mod coroutine;
mod decides;
mod definitions;
mod elements;
mod explain;
mod flow;
mod halves;
mod hoist;
mod issue;
mod loop_text;
mod loops;
mod nested;
mod pieces;
mod prefix;
mod refusals;
mod route;
mod runs;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use dice_program::ast::visitor::{self, Visitor};
use dice_program::ast::{
    ExceptHandler, Expr, ExprContext, Ranged, Stmt, StmtFunctionDef, TextRange,
};
use dice_program::{CallSites, Lines, Parsed};

use crate::decision::{Decision, Outcome};
use crate::dependence::Bindings;
use crate::effects::{FunctionFacts, Module, Scope, target_names};
use crate::emit::{Layout, NewNames, Patches, ScopeId, ScopeNames};
use crate::functions::Functions;
use crate::speculation::Speculation;

use block::Rest;
pub(crate) use definitions::plan_definition;

/// The program, and all that was found out about it as a whole.
#[derive(Clone, Copy)]
pub(crate) struct Program<'a, 'w> {
    pub(crate) parsed: &'a Parsed,
    pub(crate) module: &'w Module<'a>,
    pub(crate) functions: &'w Functions,
    pub(crate) sites: &'w CallSites<'a>,
    pub(crate) bindings: &'w Bindings<'a>,
    pub(crate) speculation: Option<Speculation>,
}

/// What grows while planning.
pub(crate) struct Planner<'a> {
    pub(crate) patches: Patches<'a>,
    pub(crate) names: NewNames,
    pub(crate) scopes: ScopeNames,
    pub(crate) decisions: Vec<Decision>,
    /// `hermod`, or what the program calls it.
    pub(crate) package: Option<String>,
    pub(crate) import_needed: bool,
    pub(crate) lines: Lines<'a>,
}

impl Planner<'_> {
    pub(crate) fn keep(
        &mut self,
        at: TextRange,
        rule: &'static str,
        why: impl Into<String>,
        help: Option<&str>,
    ) {
        self.decide(at, Outcome::Kept, rule, why.into(), help);
    }

    pub(crate) fn moved(&mut self, at: TextRange, rule: &'static str, why: impl Into<String>) {
        self.decide(at, Outcome::Moved, rule, why.into(), None);
    }

    fn decide(
        &mut self,
        at: TextRange,
        outcome: Outcome,
        rule: &'static str,
        why: String,
        help: Option<&str>,
    ) {
        let line = self.lines.locate(at.start().to_usize()).line;
        self.decisions.push(Decision {
            line,
            outcome,
            rule,
            why,
            help: help.map(str::to_owned),
        });
    }

    fn package(&mut self) -> String {
        self.import_needed |= self.package.is_none();
        self.package.clone().unwrap_or_else(|| "hermod".to_owned())
    }
}

/// Planning of one function.
pub(crate) struct FunctionPlan<'a, 'w> {
    pub(crate) program: Program<'a, 'w>,
    pub(crate) planner: &'w mut Planner<'a>,
    pub(crate) facts: &'w FunctionFacts<'a>,
    pub(crate) scope: Scope,
    pub(crate) layout: Layout<'a>,
    /// One level of indentation.
    pub(crate) unit: String,
    /// Names certainly bound at the place being planned.
    pub(crate) definite: HashSet<&'a str>,
    /// Every read of a name in the function, nested scopes included.
    pub(crate) reads: HashMap<&'a str, Vec<Read>>,
    /// Calls that a block around has issued already.
    pub(crate) claimed: BTreeSet<usize>,
    /// Calls by where they begin, and the names of what has started them.
    pub(crate) handles: BTreeMap<usize, (TextRange, String)>,
    /// In which the block being planned starts coroutines.
    pub(crate) early: ScopeId,
    /// The innermost scope that may be open around it.
    pub(crate) early_around: Option<ScopeId>,
    /// What runs ahead of a loop already, or of the elements of a comprehension; and the loop.
    pub(crate) moved: Vec<(TextRange, TextRange)>,
    /// How many `try` statements are around the place being planned.
    pub(crate) tries: usize,
    /// Of statements, by where their lines begin: where they are in the text of their block.
    pub(crate) rests: HashMap<usize, Rest>,
    /// Calls that its slice makes.
    pub(crate) sliced: HashSet<TextRange>,
    /// Loops whose turns start ahead: what is inside them is written already.
    pub(crate) turned: Vec<TextRange>,
}

pub(crate) fn plan_function<'a>(
    function: &'a StmtFunctionDef,
    scope: Scope,
    facts: &FunctionFacts<'a>,
    program: &Program<'a, '_>,
    planner: &mut Planner<'a>,
) {
    let layout = Layout {
        source: program.parsed.source(),
    };
    let mut reads = Reads::default();
    reads.visit_body(&function.body);
    let outer = layout.indentation(function).len();
    let unit = function.body.first().map_or(String::new(), |first| {
        layout.indentation(first).chars().skip(outer).collect()
    });
    let early = planner.scopes.claim(None);
    let mut plan = FunctionPlan {
        program: *program,
        planner,
        facts,
        scope,
        layout,
        unit,
        definite: facts.parameters.iter().copied().collect(),
        reads: reads.found,
        claimed: BTreeSet::new(),
        handles: BTreeMap::new(),
        early,
        early_around: None,
        moved: Vec::new(),
        tries: 0,
        rests: HashMap::new(),
        sliced: HashSet::new(),
        turned: Vec::new(),
    };
    let floor = function.parameters.range().end().to_usize();
    plan.plan_turns(&function.body, floor);
    plan.run_ahead_of(function);
    plan.speculate_on(function);
}

/// A place where a name is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    pub(crate) at: usize,
    /// The innermost loop or handler in whose body it stands and whose variable it is.
    pub(crate) variable_of: Option<TextRange>,
}

#[derive(Default)]
struct Reads<'a> {
    found: HashMap<&'a str, Vec<Read>>,
    loops: Vec<(Vec<&'a str>, TextRange)>,
}

impl<'a> Reads<'a> {
    fn note(&mut self, name: &'a str, at: usize) {
        let owner = self
            .loops
            .iter()
            .rev()
            .find(|(names, _)| names.contains(&name));
        self.found.entry(name).or_default().push(Read {
            at,
            variable_of: owner.map(|(_, range)| *range),
        });
    }
}

impl<'a> Visitor<'a> for Reads<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && matches!(name.ctx, ExprContext::Load | ExprContext::Del)
        {
            self.note(name.id.as_str(), name.range().start().to_usize());
        }
        visitor::walk_expr(self, expression);
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::AugAssign(assign) => {
                if let Expr::Name(name) = &*assign.target {
                    self.note(name.id.as_str(), name.range().start().to_usize());
                }
                visitor::walk_stmt(self, statement);
            }
            Stmt::For(each) => {
                self.visit_expr(&each.iter);
                self.visit_expr(&each.target);
                self.loops.push((target_names(&each.target), each.range()));
                self.visit_body(&each.body);
                self.loops.pop();
                self.visit_body(&each.orelse);
            }
            _ => visitor::walk_stmt(self, statement),
        }
    }

    /// The name of an exception lives in its handler alone.
    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        let names = inner.name.iter().map(|name| name.as_str()).collect();
        self.loops.push((names, handler.range()));
        visitor::walk_except_handler(self, handler);
        self.loops.pop();
    }
}
