//! The loaded view: what no call used is spread over the tasks that were live meanwhile (M2).

use std::collections::BTreeMap;

use dice_model::{Cost, TaskId, Timestamp};

use crate::TaskSpan;

/// What each task cost with its part of everything. All lines add up to the bill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    pub tasks: BTreeMap<TaskId, Cost>,
    /// Of intervals in which none was live.
    pub no_task: Cost,
}

/// Overhead, gathered by the intervals between starts and ends of tasks: within one, the same tasks
/// are live.
pub(crate) struct Spread {
    spans: Vec<TaskSpan>,
    /// Starts and ends, ascending. `overhead[i]` is of the time before `cuts[i]`; the last, after all.
    cuts: Vec<Timestamp>,
    overhead: Vec<Cost>,
    /// Of no interval: spread over all tasks.
    general: Cost,
    direct_time: BTreeMap<TaskId, i128>,
}

impl Spread {
    pub(crate) fn new(spans: &[TaskSpan]) -> Self {
        let mut cuts: Vec<_> = spans.iter().flat_map(|span| [span.from, span.to]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        Self {
            spans: spans.to_vec(),
            overhead: vec![Cost::ZERO; cuts.len() + 1],
            cuts,
            general: Cost::ZERO,
            direct_time: BTreeMap::new(),
        }
    }

    pub(crate) fn cuts(&self) -> &[Timestamp] {
        &self.cuts
    }

    /// Cost of a piece that begins at `from` and crosses no cut.
    pub(crate) fn overhead(&mut self, from: Timestamp, cost: Cost) {
        let interval = self.cuts.partition_point(|&cut| cut <= from);
        self.overhead[interval] += cost;
    }

    pub(crate) fn for_all(&mut self, cost: Cost) {
        self.general += cost;
    }

    pub(crate) fn direct_time(&mut self, task: TaskId, nanoseconds: i128) {
        *self.direct_time.entry(task).or_default() += nanoseconds;
    }

    pub(crate) fn loaded(&self, direct: &BTreeMap<TaskId, Cost>) -> Loaded {
        let mut loaded = Loaded {
            tasks: direct.clone(),
            no_task: Cost::ZERO,
        };
        for span in &self.spans {
            loaded.tasks.entry(span.task).or_default();
        }
        let mut live: BTreeMap<TaskId, u32> = BTreeMap::new();
        let mut starts = sorted(&self.spans, |span| span.from);
        let mut ends = sorted(&self.spans, |span| span.to);
        self.share(Vec::new(), self.overhead[0], &mut loaded);
        for (cut, &cost) in self.cuts.iter().zip(&self.overhead[1..]) {
            while let Some(task) = pop_at(&mut starts, *cut) {
                *live.entry(task).or_default() += 1;
            }
            while let Some(task) = pop_at(&mut ends, *cut) {
                *live.entry(task).or_default() -= 1;
                live.retain(|other, count| *other != task || *count > 0);
            }
            self.share(live.keys().copied().collect(), cost, &mut loaded);
        }
        let all = loaded.tasks.keys().copied().collect();
        self.share(all, self.general, &mut loaded);
        loaded
    }

    /// In proportion to direct device time; equally if none of these tasks used any.
    fn share(&self, tasks: Vec<TaskId>, cost: Cost, loaded: &mut Loaded) {
        if cost == Cost::ZERO {
            return;
        }
        if tasks.is_empty() {
            loaded.no_task += cost;
            return;
        }
        let time = |task: &TaskId| self.direct_time.get(task).copied().unwrap_or_default();
        let mut weights: Vec<i128> = tasks.iter().map(time).collect();
        if weights.iter().sum::<i128>() == 0 {
            weights.fill(1);
        }
        // Below 2⁶², so that the square fits; the last bits of 146 device-years change nothing.
        let bits = i128::BITS - weights.iter().sum::<i128>().leading_zeros();
        weights
            .iter_mut()
            .for_each(|weight| *weight >>= bits.saturating_sub(62));
        let whole: i128 = weights.iter().sum();
        let mut weight_so_far = 0;
        let mut given = Cost::ZERO;
        for (task, weight) in tasks.iter().zip(weights) {
            weight_so_far += weight;
            let so_far = proportion(cost, weight_so_far, whole);
            *loaded.tasks.entry(*task).or_default() += so_far - given;
            given = so_far;
        }
    }
}

/// `cost × part / whole`, rounded down, by way of the quotient: the product of all three may pass 2¹²⁷.
/// Rises with `part` and is `cost` for the whole, so the differences of its values add up.
fn proportion(cost: Cost, part: i128, whole: i128) -> Cost {
    let (quotient, rest) = (cost.0.div_euclid(whole), cost.0.rem_euclid(whole));
    Cost(quotient * part + rest * part / whole)
}

/// By time, latest first, for popping.
fn sorted(spans: &[TaskSpan], at: impl Fn(&TaskSpan) -> Timestamp) -> Vec<(Timestamp, TaskId)> {
    let lived = spans.iter().filter(|span| span.from < span.to);
    let mut sorted: Vec<_> = lived.map(|span| (at(span), span.task)).collect();
    sorted.sort_unstable_by(|left, right| right.cmp(left));
    sorted
}

fn pop_at(sorted: &mut Vec<(Timestamp, TaskId)>, at: Timestamp) -> Option<TaskId> {
    sorted.pop_if(|(time, _)| *time == at).map(|(_, task)| task)
}
