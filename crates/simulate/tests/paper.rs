//! The paper's tables, found again; and the page that tells of it is what the command makes.

use dice_simulate::paper::{Reproduction, Tables};

const TABLES: &str = include_str!("../../../scenarios/paper/tables.toml");

fn check_targets(found: &Reproduction) {
    assert!(found.split.mean_absolute_error_minutes_percent <= 6.0);
    assert!(found.split.held_out_error_minutes_percent <= 7.0);
    assert!(found.split.worst_error_minutes_percent <= 15.0);
    assert_eq!(
        found.split.cells.iter().filter(|cell| cell.fitted).count(),
        4
    );
    let unbatched = &found.ours["unbatched"];
    assert!(unbatched.identical_hardware_reduction_percent >= 41.0);
    assert!(unbatched.identical_hardware_reduction_percent_mean >= 45.0);
    assert!(unbatched.different_hardware_reduction_percent >= 70.0);
    assert!(unbatched.gap_to_fleet_floor_percent <= 3.0);
    assert!(unbatched.efficiency_1_to_8 >= 0.97);
    for batched in ["low", "mid", "high"].map(|name| &found.ours[name]) {
        assert!(batched.gap_to_fleet_floor_percent <= 5.0);
    }
    assert!(found.ours["low"].different_hardware_reduction_percent >= 79.0);
    let mid = &found.ours["mid"];
    assert!(mid.identical_hardware_reduction_percent >= 75.0);
    assert!(mid.different_hardware_reduction_percent >= 86.0);
    assert!(mid.different_hardware_reduction_percent_newer_prices >= 88.0);
    for scale in &found.beyond.scaling.weak {
        assert!(scale.efficiency >= 0.95, "{scale:?}");
    }
}

/// `make paper` makes the page anew.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "hundreds of simulations: only with optimisation"
)]
fn the_tables_are_found_again_and_the_page_says_so() {
    let tables = Tables::parse(TABLES).expect("the tables");
    let found = tables.reproduce().expect("it ends");
    check_targets(&found);
    let page = include_str!("../../../docs/paper.md");
    assert_eq!(found.page(&tables), page, "docs/paper.md: run `make paper`");
}

#[test]
fn what_the_tables_lack_is_said() {
    let check = |from: &str, to: &str, expect: &str| {
        assert!(TABLES.contains(from));
        let error = Tables::parse(&TABLES.replace(from, to)).expect_err("wrong");
        assert!(error.to_string().contains(expect), "{error}");
    };
    let baseline = "baseline = [141, 75, 36, 26, 17]";
    check(baseline, "baseline = [141]", "1 cells for 5 sizes");
    let cell = "multi_node_cell = 4";
    check(cell, "multi_node_cell = 3", "must be one of minutes.nodes");
    check(
        "kind = \"paper-tables\"",
        "kind = \"tables\"",
        "unknown variant",
    );
    assert!(Tables::is_one(TABLES) && !Tables::is_one("name = 'x'"));
}
