//! Medians with their spread, and ratios to us, as tables.

use std::path::Path;

use anyhow::Context as _;
use indexmap::IndexMap;

use crate::load::{Case, Measured};
use crate::systems::{OURS, OURS_FRAMES, OURS_POWER};

const BEGIN: &str = "<!-- bench: begin -->\n";
const END: &str = "<!-- bench: end -->";

#[derive(Debug, Default)]
pub(crate) struct Results {
    /// Per system, each round's figures.
    rounds: IndexMap<&'static str, Vec<Vec<(Case, Measured)>>>,
    missing: IndexMap<&'static str, String>,
}

impl Results {
    pub(crate) fn add(&mut self, system: &'static str, measured: Vec<(Case, Measured)>) {
        self.rounds.entry(system).or_default().push(measured);
    }

    pub(crate) fn missing(&mut self, system: &'static str, why: String) {
        self.missing.insert(system, why);
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for body in [0, 200_000, 3_000_000] {
            text += &format!("{}\n\n{}\n", heading(body), self.table(body));
        }
        text += &format!("{}\n", self.ratios());
        for (system, why) in &self.missing {
            text += &format!("{system}: not measured, or not in each round ({why})\n");
        }
        text
    }

    fn table(&self, body: usize) -> String {
        let mut text = "| system | p50 at 1 | p99 at 1 | calls/s at 16 | calls/s at 64 | processor a call at 64 |\n\
                        |---|---|---|---|---|---|\n"
            .to_owned();
        for system in self.rounds.keys() {
            let of = |in_flight, figure: fn(&Measured) -> f64| {
                self.spread(system, Case { body, in_flight }, figure)
            };
            text += &format!(
                "| {system} | {} ms | {} ms | {} | {} | {} ms |\n",
                of(1, |it| it.quantile(0.5).as_secs_f64() * 1e3),
                of(1, |it| it.quantile(0.99).as_secs_f64() * 1e3),
                of(16, Measured::per_second),
                of(64, Measured::per_second),
                of(64, Measured::cpu_ms),
            );
        }
        text
    }

    /// `MEDIAN (LEAST–MOST)`
    fn spread(&self, system: &str, case: Case, figure: fn(&Measured) -> f64) -> String {
        let figures = self.figures(system, case, figure);
        match (figures.first(), figures.last()) {
            (Some(least), Some(most)) => {
                let (least, most) = (number(*least), number(*most));
                format!("{} ({least}–{most})", number(median(&figures)))
            }
            _ => "–".to_owned(),
        }
    }

    /// Sorted, one a round.
    fn figures(&self, system: &str, case: Case, figure: fn(&Measured) -> f64) -> Vec<f64> {
        let rounds = self.rounds.get(system).into_iter().flatten();
        let mut figures: Vec<f64> = rounds.filter_map(|it| find(it, case)).map(figure).collect();
        figures.sort_unstable_by(f64::total_cmp);
        figures
    }

    /// Calls a second of ours over another's, round by round.
    fn ratio(&self, ours: &str, theirs: &str, case: Case) -> Option<f64> {
        let (ours, theirs) = (self.rounds.get(ours)?, self.rounds.get(theirs)?);
        let pairs = ours.iter().zip(theirs).filter_map(|(ours, theirs)| {
            Some(find(ours, case)?.per_second() / find(theirs, case)?.per_second())
        });
        let mut ratios: Vec<f64> = pairs.collect();
        ratios.sort_unstable_by(f64::total_cmp);
        (!ratios.is_empty()).then(|| median(&ratios))
    }

    fn ratios(&self) -> String {
        let small = |in_flight| Case { body: 0, in_flight };
        let large = |in_flight| Case {
            body: 200_000,
            in_flight,
        };
        let rows = [
            (
                "0 B at 64 in flight, over mosec",
                OURS,
                "mosec",
                small(64),
                "≥ 2",
            ),
            (
                "0 B at 16 in flight, over mosec",
                OURS,
                "mosec",
                small(16),
                "≥ 1.5",
            ),
            (
                "0 B at 64, power-durable, over mosec",
                OURS_POWER,
                "mosec",
                small(64),
                "≥ 1",
            ),
            (
                "200 kB at 64 in flight, over mosec",
                OURS,
                "mosec",
                large(64),
                "≥ 1",
            ),
            (
                "0 B at 64 in flight, over Ray Serve",
                OURS,
                "Ray Serve",
                small(64),
                "≥ 4 (with HAProxy)",
            ),
            (
                "0 B at 64 in flight, frames over mosec's HTTP",
                OURS_FRAMES,
                "mosec",
                small(64),
                "–",
            ),
        ];
        let mut text =
            "| calls/s, ratio of the rounds' median | measured | goal |\n|---|---|---|\n"
                .to_owned();
        for (what, ours, theirs, case, goal) in rows {
            let ratio = self.ratio(ours, theirs, case);
            let ratio = ratio.map_or_else(|| "not measured".to_owned(), number);
            text += &format!("| {what} | {ratio} | {goal} |\n");
        }
        text
    }
}

fn find(measured: &[(Case, Measured)], case: Case) -> Option<&Measured> {
    measured
        .iter()
        .find(|(it, _)| *it == case)
        .map(|(_, it)| it)
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return sorted[middle];
    }
    f64::midpoint(sorted[middle - 1], sorted[middle])
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

fn heading(body: usize) -> String {
    match body {
        0 => "Empty body:".to_owned(),
        200_000 => "200 kB there and back:".to_owned(),
        _ => "3 MB there and back:".to_owned(),
    }
}

/// Between the two marks of a file.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let old = std::fs::read_to_string(path)?;
    let (before, rest) = old
        .split_once(BEGIN)
        .context("the file has no mark to begin at")?;
    let (_, after) = rest
        .split_once(END)
        .context("the file has no mark to end at")?;
    Ok(std::fs::write(
        path,
        format!("{before}{BEGIN}{text}{END}{after}"),
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_digits() {
        assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
        assert_eq!(median(&[1.0, 2.0]), 1.5);
        assert_eq!(
            [1234.5, 12.34, 0.1234].map(number),
            ["1234", "12.3", "0.12"]
        );
    }
}
