//! What the page says beyond the paper's tables.

use std::fmt::Write as _;

use crate::paper::{Monolith, Reproduction, Scale, Tables, WhatIf};

impl Reproduction {
    pub(super) fn beyond(&self, page: &mut String, tables: &Tables) {
        let needed = &self.beyond.gain_needed;
        let _ = writeln!(
            page,
            "\n## How much batches must bring\n\n\
             60 % on identical hardware, at every size, needs batches of 16 that do **{:.2} times** as many blip and xvlm\n\
             calls a second as single calls; 85 % on different hardware needs **{:.2} times**. glip gains nothing in either.",
            needed.identical_hardware_60_percent, needed.different_hardware_85_percent,
        );
        best_monoliths(page, &self.beyond.what_if.best_monolith);
        what_ifs(page, &self.beyond.what_if, tables);
        self.scales(page);
    }

    fn scales(&self, page: &mut String) {
        let _ = writeln!(
            page,
            "\n## Beyond eight nodes\n\n\
             A100 nodes, mid batching. *Efficiency* is GPU time a task on one GPU over GPU time a task here. With the work\n\
             growing with the GPUs:\n"
        );
        scales(page, &self.beyond.scaling.weak);
        let _ = writeln!(
            page,
            "\nWith the same tasks for ever more GPUs. A task cannot end sooner than its own chain of calls, so most of a\n\
             large fleet waits:\n"
        );
        scales(page, &self.beyond.scaling.strong);
    }
}

fn best_monoliths(page: &mut String, best: &[Monolith]) {
    let _ = writeln!(
        page,
        "\n## A harder baseline: the best monolith\n\n\
         Serial tasks as before, but as many at once as is best, on a node of each type, every model on each of its GPUs\n\
         (RUNTIME M5). *Saved* is by our policy on the same node, at mid batching.\n\n\
         | node | tasks at once | minutes | cost | saved against it |\n|---|---|---|---|---|"
    );
    for Monolith {
        node,
        concurrency,
        minutes,
        usd,
        reduction_percent,
    } in best
    {
        let _ = writeln!(
            page,
            "| {node} | {concurrency} | {minutes:.1} | ${usd:.2} | {reduction_percent:.1} % |"
        );
    }
}

fn what_ifs(page: &mut String, what_if: &WhatIf, tables: &Tables) {
    let given = &tables.what_if;
    let _ = writeln!(
        page,
        "\n## What if\n\n\
         None of this is a headline. Several replicas of every model on one A100, each further one making all of them\n\
         {:.0} % slower (given, not measured):\n\n\
         | replicas | unbatched, minutes | mid, minutes |\n|---|---|---|",
        given.contention * 100.0
    );
    for row in &what_if.replicas {
        let _ = writeln!(
            page,
            "| {} | {:.1} | {:.1} |",
            row.replicas, row.unbatched_minutes, row.mid_minutes
        );
    }
    let _ = writeln!(
        page,
        "\nA freely chosen fleet of {} nodes, mid batching, at the provider's newer prices:\n\n\
         | nodes | minutes | cost |\n|---|---|---|",
        given.fleet_nodes
    );
    for row in &what_if.fleets {
        let _ = writeln!(
            page,
            "| {} × {} | {:.2} | ${:.3} |",
            row.nodes, row.node, row.minutes, row.usd
        );
    }
    let _ = writeln!(
        page,
        "\nWith **reuse** on, the calls of each of the {} images are made once. On one node at mid batching that would leave\n\
         a reduction of {:.1} % on identical and {:.1} % on different hardware (estimated). Everywhere else on this page it\n\
         is off.",
        given.images,
        what_if.identical_hardware_reduction_percent_with_reuse,
        what_if.different_hardware_reduction_percent_with_reuse,
    );
}

fn scales(page: &mut String, scales: &[Scale]) {
    let _ = writeln!(
        page,
        "| GPUs | tasks | minutes | efficiency |\n|---|---|---|---|"
    );
    for scale in scales {
        let Scale {
            gpus,
            tasks,
            minutes,
            efficiency,
        } = scale;
        let _ = writeln!(
            page,
            "| {gpus} | {tasks} | {minutes:.2} | {efficiency:.3} |"
        );
    }
}
