//! A run as it is compared, from whichever report of it there is.

use std::time::Duration;

use dice_cost::Run;
use dice_model::{Cost, MicroUsd};
use dice_server::api::{Batch, Bill, BillLine, CostReport, PriceBookName, Split, Task};

#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) name: String,
    pub(crate) run: Run,
    /// What the rented time was used for.
    pub(crate) lines: Vec<BillLine>,
    pub(crate) split: Option<Split>,
    /// What each task printed; `None`: the report does not say.
    pub(crate) answers: Option<Vec<String>>,
    pub(crate) prices: PriceBookName,
    pub(crate) labels: Vec<String>,
}

impl Side {
    pub(crate) fn of_report(name: String, report: CostReport) -> Self {
        let time = Duration::from_nanos(report.to.saturating_sub(report.from));
        let mut labels = report.labels;
        if report.own_micro_usd != report.total_micro_usd {
            labels.push(format!(
                "{name} did not run alone: its cost is its share, the lines are of all that was rented"
            ));
        }
        Self {
            labels,
            name,
            run: run_of(time, &report.direct, report.own_micro_usd),
            lines: report.direct,
            split: report.split,
            answers: None,
            prices: report.price_book,
        }
    }

    pub(crate) fn with_answers<'a>(
        mut self,
        answers: impl IntoIterator<Item = &'a String>,
    ) -> Self {
        self.answers = Some(answers.into_iter().cloned().collect());
        self
    }

    /// `None`: it has no bill.
    pub(crate) fn of_batch(name: String, batch: &Batch) -> Option<Self> {
        let time = Duration::from_nanos(batch.elapsed_ns?);
        let side = Self::of_bill(name, time, batch.bill.as_ref()?, &batch.labels);
        Some(side.with_answers(batch.items.iter().map(|item| &item.stdout)))
    }

    /// `None`: it has no bill.
    pub(crate) fn of_task(name: String, task: &Task) -> Option<Self> {
        let time = Duration::from_nanos(task.ended_at?.saturating_sub(task.started_at?));
        let side = Self::of_bill(name, time, task.bill.as_ref()?, &task.labels);
        Some(side.with_answers([&task.stdout]))
    }

    fn of_bill(name: String, time: Duration, bill: &Bill, labels: &[String]) -> Self {
        Self {
            name,
            run: run_of(time, &bill.lines, bill.total_micro_usd),
            lines: bill.lines.clone(),
            split: None,
            answers: None,
            prices: bill.price_book.clone(),
            labels: labels.to_vec(),
        }
    }
}

/// The lines of a bill say how long devices were used for what.
pub(crate) fn run_of(time: Duration, lines: &[BillLine], micro_usd: i64) -> Run {
    let of = |names: &[&str]| {
        let lines = lines
            .iter()
            .filter(|line| names.contains(&line.name.as_str()));
        Duration::from_nanos(lines.map(|line| line.device_ns).sum())
    };
    let execute = of(&["executing calls"]);
    let device_time = execute + of(&["loading models", "wasted"]);
    Run {
        time,
        device_time,
        held: device_time + of(&["idle"]),
        execute,
        cost: Cost::from(MicroUsd(micro_usd)),
    }
}
