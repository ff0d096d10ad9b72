//! A replay: the record, the same simulated, and what it would have been.

use std::fmt;

use dice_simulate::{Prices, Replay, Replayed};
use serde::Serialize;

use super::compared::comparison_rows;
use super::table;

/// As `dice replay --json` prints it; its `Display` is for people.
#[derive(Debug, Serialize)]
pub(crate) struct Shown<'a> {
    trace: &'a str,
    tasks: usize,
    /// As it ran.
    recorded: Replayed,
    /// Simulated with nothing changed.
    same: Replayed,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Replayed>,
    changes: &'a [String],
    prices: &'a Prices,
    labels: &'a [String],
    #[serde(skip)]
    replay: &'a Replay,
}

pub(crate) fn replay<'a>(replay: &'a Replay, changes: &'a [String]) -> Shown<'a> {
    Shown {
        trace: &replay.name,
        tasks: replay.tasks,
        recorded: replay.recorded.into(),
        same: replay.same.into(),
        changed: replay.changed.map(Replayed::from),
        changes,
        prices: &replay.prices,
        labels: &replay.labels,
        replay,
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparison = self.replay.comparison();
        let headings = match self.changed {
            None => ["", ">AS IT RAN", ">SIMULATED", ">"],
            Some(_) => ["", ">AS IT WAS", ">CHANGED", ">"],
        };
        writeln!(f, "{}, {} tasks, replayed", self.trace, self.tasks)?;
        if self.changed.is_some() {
            writeln!(
                f,
                "changed: {}; both columns are SIMULATED",
                self.changes.join(", ")
            )?;
        }
        writeln!(f, "\n{}", table(&headings, comparison_rows(&comparison)))?;
        if self.changed.is_some() {
            writeln!(f, "{}", comparison.saving())?;
        }
        writeln!(
            f,
            "it ran for {:.3} s; simulated with nothing changed, and all models loaded at the start, {:.3} s ({:+.1} %)",
            self.recorded.makespan_seconds,
            self.same.makespan_seconds,
            self.replay.off_percent()
        )?;
        write!(f, "prices: {} of {}", self.prices.book, self.prices.date)?;
        let notes = self.labels.iter().chain(&self.prices.warnings);
        for note in notes {
            write!(f, "\nnote: {note}")?;
        }
        Ok(())
    }
}
