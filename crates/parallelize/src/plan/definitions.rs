//! Every function of the program is planned by itself, wherever it is defined: methods and nested ones too.

use dice_program::CallSites;
use dice_program::ast::{Ranged, Stmt, StmtFunctionDef};

use super::candidates::waits_in;
use super::{Planner, Program, plan_function};
use crate::effects::{all_names, known};

/// Plans the functions in a statement that runs when the module is loaded.
pub(crate) fn plan_definition<'a>(
    statement: &'a Stmt,
    program: &Program<'a, '_>,
    planner: &mut Planner<'a>,
) {
    if !calls_in(std::slice::from_ref(statement), program.sites) && waits_in(statement) == 0 {
        return;
    }
    match statement {
        Stmt::FunctionDef(function) => plan_whole(function, program, planner),
        Stmt::ClassDef(class) => plan_all(&class.body, program, planner),
        Stmt::If(branch) => {
            plan_all(&branch.body, program, planner);
            for clause in &branch.elif_else_clauses {
                plan_all(&clause.body, program, planner);
            }
        }
        Stmt::Try(attempt) => {
            plan_all(&attempt.body, program, planner);
            for handler in &attempt.handlers {
                let dice_program::ast::ExceptHandler::ExceptHandler(handler) = handler;
                plan_all(&handler.body, program, planner);
            }
        }
        _ => {
            let why = "calls outside a function stay in order";
            let help = Some("move the calls into an `async def`");
            planner.keep(statement.range(), "A3", why, help);
        }
    }
}

fn plan_all<'a>(body: &'a [Stmt], program: &Program<'a, '_>, planner: &mut Planner<'a>) {
    for statement in body {
        plan_definition(statement, program, planner);
    }
}

fn plan_whole<'a>(
    function: &'a StmtFunctionDef,
    program: &Program<'a, '_>,
    planner: &mut Planner<'a>,
) {
    let scope = program.module.scopes.of(function);
    let Some(facts) = program.module.facts_of(scope) else {
        return;
    };
    if let Some((rule, why)) = stays_whole(function, program) {
        planner.keep(function.name.range(), rule, why, None);
        return;
    }
    let hidden = planner
        .package
        .as_deref()
        .is_some_and(|package| facts.locals.contains(package) || facts.outer.contains(package));
    if hidden {
        let why = format!("`{}` hides the package `hermod`", function.name);
        planner.keep(function.name.range(), "A3", why, Some("use another name"));
        return;
    }
    plan_function(function, scope, facts, program, planner);
}

/// Functions that look at themselves, or are not coroutines.
fn stays_whole(
    function: &StmtFunctionDef,
    program: &Program<'_, '_>,
) -> Option<(&'static str, String)> {
    let name = &function.name;
    if !function.is_async {
        let why = format!("`{name}` is not `async`: it waits for its calls where it makes them");
        return Some(("A3", why));
    }
    let names = all_names(&function.body);
    let mut looks: Vec<&str> = names.iter().copied().collect();
    looks.retain(|name| known::looks_at_itself(name) || *name == "inspect");
    if let Some(looking) = looks.into_iter().min() {
        let why = format!("`{name}` uses `{looking}`, which looks at the code around it");
        return Some(("A7", why));
    }
    let scope = program.module.scopes.of(function);
    if program.module.is_watched(scope) {
        let why = format!("`{name}` runs at the same time as others, which see what it does");
        return Some(("O4", why));
    }
    let generator = program.module.scopes.info(scope).generator;
    generator.then(|| ("A6", format!("`{name}` is a generator")))
}

fn calls_in(statements: &[Stmt], sites: &CallSites<'_>) -> bool {
    let (Some(first), Some(last)) = (statements.first(), statements.last()) else {
        return false;
    };
    let (start, end) = (first.range().start(), last.range().end());
    let from = sites
        .calls
        .partition_point(|call| call.node.range().start() < start);
    sites
        .calls
        .get(from)
        .is_some_and(|call| call.node.range().start() < end)
}
