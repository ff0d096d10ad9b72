//! The way through: read, see what is there, plan each function, write the text, read it again.

use std::collections::HashSet;

use dice_catalog::Catalog;
use dice_program::ast::{Ranged, Stmt};
use dice_program::{CallSites, Parsed, find_calls, parse};

use crate::already::{bound_anew, issued_early, parallel_places, shows_lines};
use crate::decision::{Decision, Diagnostics, Distributed, Options, Outcome};
use crate::dependence::Bindings;
use crate::effects::{Module, Scopes, all_names, call_function};
use crate::emit::{NewNames, Patches, ScopeNames, spaced};
use crate::functions::Functions;
use crate::plan::{Planner, Program, plan_definition};

/// Makes the distributed program of a serial one. What cannot be proved independent stays in order, and
/// the decisions say why. Errors only when `source` is not Python at all.
pub fn parallelize(
    source: &str,
    catalog: &Catalog,
    options: &Options,
) -> Result<Distributed, Diagnostics> {
    let parsed = parse(source);
    if !parsed.is_valid() {
        return Err(Diagnostics(parsed.diagnostics));
    }
    let functions = Functions::new(catalog, options);
    let sites = find_calls(&parsed);
    let mut decisions = assumptions(&parsed, &sites, &functions);
    let scopes = Scopes::new(parsed.body());
    let alone = issued_early(&parsed, &sites)
        .or_else(|| bound_anew(&parsed, &sites, &scopes))
        .or_else(|| shows_lines(&parsed));
    if let Some((at, rule, why, help)) = alone {
        decisions.push(kept(&parsed, at, rule, why, help));
        return Ok(unchanged(source, decisions));
    }
    for (at, rule, why, help) in parallel_places(&parsed) {
        decisions.push(kept(&parsed, at, rule, why, help));
    }
    let bindings = Bindings::new(parsed.body(), &scopes);
    let module = Module::new(&parsed, &functions, &sites, &bindings, scopes);
    if let Some(name) = ["early", "upfront"]
        .into_iter()
        .find(|name| all_names(parsed.body()).contains(name))
    {
        let why = format!("the program uses the name `{name}`, which distributed programs need");
        decisions.push(kept(&parsed, 0, "O1", why, Some("use another name")));
        return Ok(unchanged(source, decisions));
    }
    if let Some(class) = module.magic {
        let name = class.name.as_str();
        let why = format!("class `{name}` changes what operators or attributes mean");
        let help = "keep such classes out of programs that call";
        decisions.push(kept(
            &parsed,
            class.range().start().to_usize(),
            "A3",
            why,
            Some(help),
        ));
        return Ok(unchanged(source, decisions));
    }
    let program = Program {
        parsed: &parsed,
        module: &module,
        functions: &functions,
        sites: &sites,
        bindings: &bindings,
        speculation: options.speculation,
    };
    let mut planner = Planner {
        patches: Patches::new(source, parsed.body()),
        names: NewNames::new(all_names(parsed.body())),
        scopes: ScopeNames::default(),
        decisions,
        package: package_name(parsed.body()),
        import_needed: false,
        lines: parsed.lines(),
    };
    for statement in parsed.body() {
        plan_definition(statement, &program, &mut planner);
    }
    finish(&parsed, planner)
}

fn assumptions(parsed: &Parsed, sites: &CallSites<'_>, functions: &Functions) -> Vec<Decision> {
    let mut named = HashSet::new();
    let mut decisions = Vec::new();
    for call in &sites.calls {
        let Some(name) = call_function(call.node) else {
            continue;
        };
        if functions.is_assumed(name) && named.insert(name) {
            decisions.push(Decision {
                line: parsed
                    .lines()
                    .locate(call.node.range().start().to_usize())
                    .line,
                outcome: Outcome::Assumed,
                rule: "E1",
                why: format!("`{name}` does not declare its effect: it is assumed to be pure"),
                help: Some("declare `spec.effect`, or use --strict-effects".to_owned()),
            });
        }
    }
    decisions
}

fn kept(
    parsed: &Parsed,
    offset: usize,
    rule: &'static str,
    why: String,
    help: Option<&str>,
) -> Decision {
    let line = parsed.lines().locate(offset).line;
    Decision {
        line,
        outcome: Outcome::Kept,
        rule,
        why,
        help: help.map(str::to_owned),
    }
}

/// With an `import hermod` above it, the name would mean something else than it does, or would exist.
fn means_another_hermod(parsed: &Parsed) -> Decision {
    let why = "the name `hermod` is used and not imported at the top".to_owned();
    kept(
        parsed,
        0,
        "O1",
        why,
        Some("write `import hermod` at the top"),
    )
}

fn unchanged(source: &str, mut decisions: Vec<Decision>) -> Distributed {
    decisions.sort();
    Distributed {
        source: source.to_owned(),
        decisions,
        changed: false,
    }
}

/// The name under which the program knows the package `hermod`.
fn package_name(body: &[Stmt]) -> Option<String> {
    body.iter().find_map(|statement| match statement {
        Stmt::Import(import) => import
            .names
            .iter()
            .find(|alias| alias.name.as_str() == "hermod")
            .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string()),
        _ => None,
    })
}

fn finish(parsed: &Parsed, mut planner: Planner<'_>) -> Result<Distributed, Diagnostics> {
    let source = parsed.source();
    if planner.patches.is_empty() {
        return Ok(unchanged(source, planner.decisions));
    }
    if planner.import_needed {
        if all_names(parsed.body()).contains("hermod") {
            return Ok(unchanged(source, vec![means_another_hermod(parsed)]));
        }
        add_import(parsed, &mut planner.patches);
    }
    let text = planner.patches.slice(0, source.len());
    let text = planner.scopes.settle(&text, &mut planner.names);
    let known = all_names(parsed.body()).into_iter().collect();
    let (text, read_back) = spaced(text, &known);
    if !read_back.is_valid() {
        let why =
            "the distributed text could not be read back: the program is kept as it is".to_owned();
        planner
            .decisions
            .retain(|decision| decision.outcome != Outcome::Moved);
        planner.decisions.push(kept(
            parsed,
            0,
            "O1",
            why,
            Some("please report this program"),
        ));
        return Ok(unchanged(source, planner.decisions));
    }
    planner.decisions.sort();
    planner.decisions.dedup();
    Ok(Distributed {
        source: text,
        decisions: planner.decisions,
        changed: true,
    })
}

/// `import hermod` before the import that brought `call` in by name.
fn add_import(parsed: &Parsed, patches: &mut Patches<'_>) {
    let from = parsed.body().iter().find(|statement| {
        matches!(statement, Stmt::ImportFrom(import) if import.module.as_deref() == Some("hermod"))
    });
    if let Some(statement) = from {
        let at = statement.range().start().to_usize();
        patches.replace(
            at,
            at + 1,
            format!("import hermod\n{}", &parsed.source()[at..=at]),
        );
    }
}
