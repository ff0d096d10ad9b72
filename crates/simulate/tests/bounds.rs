//! What holds for every scenario: it ends, it can be repeated, and it does not beat its floor.

#[path = "bounds/drawn.rs"]
mod drawn;

use dice_cost::PriceBook;
use dice_simulate::{Outcome, Scenario, simulate};
use drawn::{BOOK, drawn};
use proptest::prelude::*;

fn run(text: &str) -> (Scenario, Outcome) {
    let scenario = Scenario::parse(text).expect("a scenario");
    let outcome = simulate(&scenario).expect("it ends");
    (scenario, outcome)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// RUNTIME M3, on the same draws.
    #[test]
    fn no_run_beats_its_floor(drawn in drawn()) {
        let (scenario, outcome) = run(&drawn.text());
        let prices = PriceBook::parse(BOOK).expect("a book");
        let floor = outcome.fleet_floor(&scenario, &prices).expect("a floor");
        // The linear program counts in floating point.
        let least = floor.time.as_secs_f64() * (1.0 - 1e-9);
        prop_assert!(outcome.makespan.as_secs_f64() >= least, "{:?} < {floor:?}", outcome.makespan);
        prop_assert_eq!(outcome.tasks, drawn.tasks);
    }

    #[test]
    fn the_same_scenario_goes_the_same_way(drawn in drawn()) {
        let text = drawn.text();
        prop_assert_eq!(run(&text), run(&text));
    }

    /// RUNTIME M2, of a run that nobody measured.
    #[test]
    fn a_simulated_bill_adds_up(drawn in drawn()) {
        let (_, outcome) = run(&drawn.text().replacen("seed", "detail = 'intervals'\nseed", 1));
        let prices = PriceBook::parse(BOOK).expect("a book");
        let bill = outcome.bill(&prices).expect("a bill");
        let sum: dice_model::Cost = bill.direct_costs().iter().map(|(_, cost)| *cost).sum();
        prop_assert_eq!(sum, bill.rented);
        prop_assert_eq!(bill.rented, outcome.rent(&prices).expect("prices"));
        prop_assert_eq!(bill.outside, std::time::Duration::ZERO);
    }
}
