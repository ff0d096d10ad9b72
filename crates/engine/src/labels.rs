//! What a reader must know before believing a figure or an answer, in words.

use std::collections::BTreeSet;

use dice_catalog::Catalog;
use dice_model::{Effect, Origin};
use dice_runtime::{CallRecord, Guessed};

/// Simulated results and assumed effects among the functions that were called.
pub(crate) fn of_calls(catalog: &Catalog, calls: &[CallRecord]) -> Vec<String> {
    let called: BTreeSet<&str> = calls.iter().map(|call| call.function.as_str()).collect();
    let entries: Vec<_> = called
        .into_iter()
        .filter_map(|name| catalog.get(name))
        .collect();
    let named = |matches: fn(&dice_model::FunctionSpec) -> bool| {
        let names = entries.iter().filter(|entry| matches(&entry.spec));
        names
            .map(|entry| entry.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let simulated = named(|spec| spec.origin == Origin::Simulated);
    let assumed = named(|spec| spec.effect == Effect::AssumedPure);
    let mut labels = Vec::new();
    if !simulated.is_empty() {
        labels.push(format!("simulated results and times: {simulated}"));
    }
    if !assumed.is_empty() {
        labels.push(format!(
            "assumed pure, since no effect is declared: {assumed}"
        ));
    }
    let guesses = calls.iter().filter_map(|call| call.guess);
    let (made, in_vain) = guesses.fold((0, 0), |(made, in_vain), guess| {
        (made + 1, in_vain + usize::from(guess == Guessed::InVain))
    });
    if made > 0 {
        labels.push(format!("speculation: {in_vain} of {made} guesses in vain"));
    }
    labels
}
