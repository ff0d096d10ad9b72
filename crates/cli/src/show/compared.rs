//! Two runs beside each other: figures, what rented time was used for, causes, answers.

use std::fmt;

use dice_cost::{Comparison, Saving};
use dice_server::api::{BillLine, Split};
use serde::Serialize;

use super::{table, usd};
use crate::commands::compare::Side;

/// As `dice compare --json` prints it; its `Display` is for people.
#[derive(Debug, Serialize)]
pub(crate) struct Compared {
    left: Figures,
    right: Figures,
    /// Of the left one's cost; below zero if the right one cost more, absent where no ratio can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    saving_percent: Option<f64>,
    /// What rented time was used for.
    uses: Vec<Pair>,
    /// What each cause saves over the baseline (RUNTIME M4); empty unless both reports say.
    causes: Vec<Pair>,
    /// `equal`, `different`, `unknown`.
    answers: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
    labels: Vec<String>,
    #[serde(skip)]
    comparison: Comparison,
}

#[derive(Debug, Serialize)]
struct Figures {
    run: String,
    seconds: f64,
    device_seconds: f64,
    utilisation: f64,
    micro_usd: i64,
    prices: String,
}

#[derive(Debug, Serialize)]
struct Pair {
    name: String,
    left_micro_usd: i64,
    right_micro_usd: i64,
}

/// Rows of the one table in which two runs are compared: what, each of them, and the change.
pub(crate) fn comparison_rows(comparison: &Comparison) -> impl Iterator<Item = Vec<String>> {
    let lines = comparison.lines().into_iter();
    lines.map(|line| {
        vec![
            line.label.to_owned(),
            line.baseline,
            line.distributed,
            line.change,
        ]
    })
}

pub(crate) fn compared(left: Side, right: Side) -> Compared {
    let comparison = Comparison {
        baseline: left.run,
        distributed: right.run,
        labels: Vec::new(),
    };
    let difference = difference(&left, &right);
    let known = left.answers.is_some() && right.answers.is_some();
    let answers = match (&difference, known) {
        (Some(_), _) => "different",
        (None, true) => "equal",
        (None, false) => "unknown",
    };
    Compared {
        saving_percent: match comparison.saving() {
            Saving::Saved(percent) => Some(percent),
            Saving::None(percent) => Some(-percent),
            Saving::Undefined => None,
        },
        uses: pairs(&uses(&left.lines), &uses(&right.lines)),
        causes: match (&left.split, &right.split) {
            (Some(left), Some(right)) => pairs(&causes(left), &causes(right)),
            _ => Vec::new(),
        },
        answers,
        difference,
        labels: labels(&left, &right),
        left: figures(left),
        right: figures(right),
        comparison,
    }
}

fn figures(side: Side) -> Figures {
    Figures {
        seconds: side.run.time.as_secs_f64(),
        device_seconds: side.run.device_time.as_secs_f64(),
        utilisation: side.run.utilisation(),
        micro_usd: dice_model::apportion(&[side.run.cost])[0].0,
        prices: format!("{} of {}", side.prices.name, side.prices.date),
        run: side.name,
    }
}

/// The first task whose output is another one.
fn difference(left: &Side, right: &Side) -> Option<String> {
    let (said, says) = (left.answers.as_ref()?, right.answers.as_ref()?);
    if said.len() != says.len() {
        return Some(format!("{} tasks and {}", said.len(), says.len()));
    }
    let names = [left.name.as_str(), right.name.as_str()];
    let mut tasks = (1..).zip(said.iter().zip(says));
    tasks.find_map(|(number, (said, says))| {
        let line = dice_engine::first_difference("stdout", names, said, says)?;
        Some(match left.answers.as_ref().map_or(0, Vec::len) {
            1 => line,
            _ => format!("task {number} of each, {line}"),
        })
    })
}

fn labels(left: &Side, right: &Side) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    if left.prices != right.prices {
        labels.push("the two were priced by different price books".to_owned());
    }
    for label in left.labels.iter().chain(&right.labels) {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    labels
}

type Amounts<'a> = Vec<(&'a str, i64)>;

fn uses(lines: &[BillLine]) -> Amounts<'_> {
    let lines = lines.iter();
    lines
        .map(|line| (line.name.as_str(), line.micro_usd))
        .collect()
}

fn causes(split: &Split) -> Amounts<'_> {
    let causes = split.causes.iter();
    causes
        .map(|cause| (cause.cause.as_str(), cause.saved_micro_usd))
        .collect()
}

/// In the order of the left one; what only the right one has comes last.
fn pairs(left: &Amounts<'_>, right: &Amounts<'_>) -> Vec<Pair> {
    let of = |amounts: &Amounts<'_>, name: &str| {
        let found = amounts.iter().find(|(known, _)| *known == name);
        found.map(|(_, amount)| *amount)
    };
    let only_right = right.iter().filter(|(name, _)| of(left, name).is_none());
    let names = left.iter().chain(only_right).map(|(name, _)| *name);
    names
        .map(|name| Pair {
            name: name.to_owned(),
            left_micro_usd: of(left, name).unwrap_or_default(),
            right_micro_usd: of(right, name).unwrap_or_default(),
        })
        .collect()
}

impl Compared {
    pub(crate) fn differs(&self) -> bool {
        self.difference.is_some()
    }

    fn amounts(&self, title: &str, pairs: &[Pair]) -> Option<String> {
        let rows = pairs.iter().map(|pair| {
            let more = pair.right_micro_usd - pair.left_micro_usd;
            vec![
                pair.name.clone(),
                usd(pair.left_micro_usd),
                usd(pair.right_micro_usd),
                usd(more),
            ]
        });
        let (left, right) = self.headings();
        (!pairs.is_empty()).then(|| table(&[title, &left, &right, ">DIFFERENCE"], rows))
    }

    fn headings(&self) -> (String, String) {
        let heading = |figures: &Figures| format!(">{}", figures.run);
        (heading(&self.left), heading(&self.right))
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.headings();
        let rows = comparison_rows(&self.comparison);
        writeln!(f, "{}", table(&["", &left, &right, ">"], rows))?;
        writeln!(f, "{}", self.comparison.saving())?;
        let tables = [
            self.amounts("COST", &self.uses),
            self.amounts("SAVED OVER THE BASELINE (SIMULATED)", &self.causes),
        ];
        for part in tables.into_iter().flatten() {
            writeln!(f, "\n{part}")?;
        }
        match &self.difference {
            Some(difference) => write!(f, "\nanswers: DIFFERENT: {difference}")?,
            None if self.answers == "equal" => write!(f, "\nanswers: equal")?,
            None => write!(
                f,
                "\nanswers: unknown, a report of costs does not have them"
            )?,
        }
        write!(f, "\nprices: {}", self.left.prices)?;
        if self.right.prices != self.left.prices {
            write!(f, "; {}", self.right.prices)?;
        }
        for label in &self.labels {
            write!(f, "\nnote: {label}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::compare::side::run_of;
    use dice_server::api::PriceBookName;
    use std::time::Duration;

    fn side(name: &str, seconds: u64, answers: &[&str], amounts: &[(&str, i64)]) -> Side {
        let lines: Vec<BillLine> = amounts
            .iter()
            .map(|&(name, micro_usd)| BillLine {
                name: name.to_owned(),
                micro_usd,
                device_ns: seconds * 1_000_000_000,
            })
            .collect();
        let total = lines.iter().map(|line| line.micro_usd).sum();
        Side {
            name: name.to_owned(),
            run: run_of(Duration::from_secs(seconds), &lines, total),
            lines,
            split: None,
            answers: Some(answers.iter().map(|&answer| answer.to_owned()).collect()),
            prices: PriceBookName {
                name: "book".to_owned(),
                date: "2026-11-01".to_owned(),
                source: "a list".to_owned(),
            },
            labels: Vec::new(),
        }
    }

    #[test]
    fn what_only_one_of_them_has_is_shown_too() {
        let left = side(
            "task 1",
            10,
            &["red\n"],
            &[("executing calls", 300), ("idle", 100)],
        );
        let right = side(
            "task 2",
            5,
            &["red\n"],
            &[("executing calls", 150), ("wasted", 10)],
        );
        insta::assert_snapshot!(compared(left, right), @r"
                               task 1     task 2
        time                 10.000 s    5.000 s  -50.0 %
        device time used     10.000 s   10.000 s   +0.0 %
        device time rented   20.000 s   10.000 s  -50.0 %
        utilisation              50 %       50 %
        cost                $0.000400  $0.000160  -60.0 %
        60.0 % saved

        COST                task 1     task 2  DIFFERENCE
        executing calls  $0.000300  $0.000150  -$0.000150
        idle             $0.000100  $0.000000  -$0.000100
        wasted           $0.000000  $0.000010   $0.000010

        answers: equal
        prices: book of 2026-11-01
        ");
    }

    #[test]
    fn answers_are_equal_different_or_unknown() {
        let check = |said: &[&str], says: &[&str], expect: Option<&str>| {
            let compared = compared(side("a", 1, said, &[]), side("b", 1, says, &[]));
            assert_eq!(compared.difference.as_deref(), expect);
            assert_eq!(compared.differs(), expect.is_some());
        };
        check(&["x"], &["x"], None);
        check(&["x"], &["y"], Some("stdout line 1: a \"x\", b \"y\""));
        check(&["x", "y"], &["x"], Some("2 tasks and 1"));
        check(
            &["x", "y"],
            &["x", "z"],
            Some("task 2 of each, stdout line 1: a \"y\", b \"z\""),
        );
        let mut silent = side("a", 1, &[], &[]);
        silent.answers = None;
        assert_eq!(
            compared(silent, side("b", 1, &["x"], &[])).answers,
            "unknown"
        );
    }
}
