//! Which calls the runtime may answer from what it has seen before: of functions *declared* pure, and no
//! others (SEMANTICS E1, E5).

use dice_catalog::Catalog;
use dice_model::Effect;
use dice_program::ast::Ranged as _;
use dice_program::{find_calls, parse};
use serde::Serialize;

/// One call of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reuse {
    /// Counted from 1.
    pub line: usize,
    /// `None`: the text does not name it.
    pub function: Option<String>,
    /// Why its result may not be given again; `None`: it may.
    pub why_not: Option<&'static str>,
}

/// Every call, in order of line.
pub fn reuse(source: &str, catalog: &Catalog) -> Vec<Reuse> {
    let parsed = parse(source);
    let sites = find_calls(&parsed);
    let calls = sites.calls.iter().map(|call| {
        let start = call.node.range().start().to_usize();
        let entry = call.function.and_then(|name| catalog.get(name));
        Reuse {
            line: parsed.lines().locate(start).line,
            function: call.function.map(str::to_owned),
            why_not: match entry.map(|entry| entry.spec.effect) {
                Some(Effect::Pure) => None,
                Some(Effect::AssumedPure) => Some("its effect is assumed, not declared"),
                Some(Effect::Read) => Some("it reads a state"),
                Some(Effect::Write) => Some("it writes"),
                None => Some("nothing is known about it"),
            },
        }
    });
    let mut found: Vec<_> = calls.collect();
    found.sort_by_key(|one| one.line);
    found
}
