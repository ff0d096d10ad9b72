//! `docs/paper.md`: what was found, for people.

mod beyond;
mod tables;

use std::fmt::Write as _;

use super::{Case, Cell, Explained, Ours, Reproduction, Tables};

impl Reproduction {
    /// Markdown; the same tables as text are readable as they are.
    pub fn page(&self, tables: &Tables) -> String {
        let mut page = String::from(HEAD);
        self.fitted(&mut page, tables);
        all_cells(&mut page, &self.split);
        self.the_papers_tables(&mut page, tables);
        self.hypotheses(&mut page);
        page.push_str(FIGURES);
        self.ours_in_short(&mut page);
        for (name, ours) in self.in_order() {
            sizes(&mut page, name, ours);
        }
        self.beyond(&mut page, tables);
        page.push_str(LIMITS);
        page
    }

    /// No batching first, then by how much it brings.
    fn in_order(&self) -> impl Iterator<Item = (&str, &Ours)> {
        let mut ours: Vec<_> = self
            .ours
            .iter()
            .map(|(name, ours)| (name.as_str(), ours))
            .collect();
        let figure = |ours: &Ours| ours.identical_hardware_reduction_percent;
        ours.sort_by(|(_, a), (_, b)| figure(a).total_cmp(&figure(b)));
        ours.into_iter()
    }

    fn fitted(&self, page: &mut String, tables: &Tables) {
        let fit = &self.split.fit;
        let cells = tables.fitted_cells();
        let rows = [
            ("blip, a call on the A100", fit.blip_seconds, "s", cells[0]),
            (
                "glip once and xvlm twice a car, a task on the A100",
                fit.finders_seconds_a_task,
                "s",
                cells[1],
            ),
            (
                "the program's own time, a task",
                fit.program_seconds_a_task,
                "s",
                cells[2],
            ),
            (
                "the A6000 against the A100",
                fit.a6000_slowdown,
                "times as slow",
                cells[3],
            ),
        ];
        let _ = writeln!(page, "## Four parameters, four cells\n");
        let _ = writeln!(page, "| fitted | value | to the cell |\n|---|---|---|");
        for (name, value, unit, (setting, nodes)) in rows {
            let _ = writeln!(
                page,
                "| {name} | {value:.3} {unit} | {setting}, {} |",
                plural(nodes)
            );
        }
        let given = &tables.given;
        let _ = writeln!(
            page,
            "\nGiven, since the tables do not identify it: {} tasks in flight in the whole cluster; the A4000 {} \
             times as slow as the A100; glip {:.1} % of the time that glip and xvlm take; {:.2} cars an image. \
             On two nodes or more the functions are split over the GPUs as on the pair: blip on one half, glip \
             and xvlm on the other.\n",
            given.in_flight,
            given.a4000_slowdown,
            given.glip_share * 100.0,
            tables.cars_per_image(),
        );
    }

    fn ours_in_short(&self, page: &mut String) {
        let _ = writeln!(page, "{OURS}");
        let _ = writeln!(
            page,
            "| batching | identical, least | identical, mean | different, least | different, mean | at newer prices, least | greatest gap | efficiency |\n|---|---|---|---|---|---|---|---|"
        );
        for (name, ours) in self.in_order() {
            let _ = writeln!(
                page,
                "| {name} | {:.1} % | {:.1} % | {:.1} % | {:.1} % | {:.1} % | {:.1} % | {:.3} |",
                ours.identical_hardware_reduction_percent,
                ours.identical_hardware_reduction_percent_mean,
                ours.different_hardware_reduction_percent,
                ours.different_hardware_reduction_percent_mean,
                ours.different_hardware_reduction_percent_newer_prices,
                ours.gap_to_fleet_floor_percent,
                ours.efficiency_1_to_8,
            );
        }
    }
}

fn all_cells(page: &mut String, found: &Explained) {
    let _ = writeln!(page, "## The tables' fourteen cells\n");
    let _ = writeln!(
        page,
        "Mean absolute error {:.1} %; {:.1} % over the ten cells that nothing was fitted to; the worst {:.1} %.\n",
        found.mean_absolute_error_minutes_percent,
        found.held_out_error_minutes_percent,
        found.worst_error_minutes_percent,
    );
    let _ = writeln!(
        page,
        "| | nodes | paper, minutes | simulated, minutes | error |\n|---|---|---|---|---|"
    );
    for cell in &found.cells {
        let Cell {
            setting,
            nodes,
            paper_minutes,
            minutes,
            ..
        } = cell;
        let _ = writeln!(
            page,
            "| {setting} | {nodes} | {paper_minutes} | {minutes:.1} | {} |",
            error(cell)
        );
    }
}

fn error(cell: &Cell) -> String {
    if cell.fitted {
        "fitted".to_owned()
    } else {
        format!("{:+.1} %", cell.error_percent)
    }
}

fn sizes(page: &mut String, name: &str, ours: &Ours) {
    let _ = writeln!(page, "\n### Batching: {name}\n");
    let _ = writeln!(
        page,
        "| | nodes | minutes | floor, minutes | gap | cost | baseline's cost | reduction | against the simulated baseline |\n|---|---|---|---|---|---|---|---|---|"
    );
    for case in &ours.cases {
        let Case {
            setting,
            nodes,
            minutes,
            fleet_floor_minutes,
            usd,
            baseline_usd,
            ..
        } = case;
        let _ = writeln!(
            page,
            "| {setting} | {nodes} | {minutes:.2} | {fleet_floor_minutes:.2} | {:.1} % | ${usd:.2} | ${baseline_usd:.2} | {:.1} % | {:.1} % |",
            case.gap_to_fleet_floor_percent,
            case.reduction_percent,
            case.reduction_percent_simulated_baseline,
        );
    }
}

fn plural(nodes: u32) -> String {
    format!("{nodes} node{}", if nodes == 1 { "" } else { "s" })
}

const HEAD: &str = "\
# The paper's tables, found again

Everything on this page is **simulated**: the live scheduler in virtual time (`docs/simulate.md`), made by
`make paper` from `scenarios/paper/tables.toml`; a test compares the page with what the command makes.
1000 tasks over 30 images; the baseline runs one task at a time on each A100, DiCE-C 16 at once; prices of
March 2025 ($2.20 an hour for an A100 node, $1.30 for an A6000 and an A4000). Reuse and memo are off, billing
is by the second, models are loaded before the clock starts, and a GPU has one lease at a time.

";

const FIGURES: &str = "
## The paper's figures

Redrawn from the simulation; the numbers are the paper's. Figure 10, one task of the baseline on an A100, call after
call:

![Figure 10](paper/figure-10.svg)

Figure 11, the same task by DiCE-C on four pairs of an A6000 and an A4000. A bar is a call on its device; those that
begin later have waited for one:

![Figure 11](paper/figure-11.svg)

Figure 13, the first 50 tasks of the batch on one A100, by the baseline and by DiCE-C with 16 at once. The paper sees
a *slight* increase of a task's time; by Little's law 16 in flight at 4.74 s a task is 76 s each, nine times the
baseline's, and so it is here:

![Figure 13, baseline](paper/figure-13-baseline.svg)
![Figure 13, DiCE-C](paper/figure-13-dice-c.svg)

Figure 14, programs that compute for themselves, on average over each minute: all that is known of the processor's
load here. Figure 15, the part of the time in which the GPU executes:

![Figure 14](paper/figure-14.svg)
![Figure 15](paper/figure-15.svg)
";

const OURS: &str = "
## The same work under our policy

Reductions are against the minutes that the paper measured for its baseline; the tables below also give them
against the baseline as simulated here. *Unbatched* needs nothing but the fit. *low*, *mid* and *high* are what
batches of 16 may bring: given, not measured (in the file, by device and function). *Gap* is cost over the least
that the same work can cost on the same fleet, *efficiency* the node time at one node over that at the most.
";

const LIMITS: &str = "
## What the tables do not tell

Only serial seconds a task, the bottleneck of one A100, that of several, and the pair's are identified. The split
of time among the models, contention on a GPU, the A4000's speed, CPU slots, and whether 16 tasks are in flight
on each node or in all are not. Nor is the reason of the step from one A100 node to two.
";
