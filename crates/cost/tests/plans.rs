//! Plans: what is rented suffices, costs no less than its floor, and no more than it must.

use std::collections::BTreeMap;
use std::time::Duration;

use dice_cost::{FunctionTimes, Plan, PlanError, PlannedFunction, PriceBook, Terms, Workload};
use dice_model::FunctionId;
use proptest::prelude::*;

const BOOK: &str = "name = 'b'\ndate = '2026-01-01'\n\
    [[node]]\ntype = 'big'\nusd_per_hour = '2'\nsource = 's'\nbilling_seconds = 1\n\
    devices = [{ type = 'A', memory = '80Gi' }]\n\
    [[node]]\ntype = 'small'\nusd_per_hour = '0.5'\nsource = 's'\nbilling_seconds = 1\n\
    devices = [{ type = 'B', memory = '16Gi' }]\n\
    spot = { usd_per_hour = '0.1', taken_back_after_hours = 100, source = 's' }\n\
    [[node]]\ntype = 'pair'\nusd_per_hour = '0.9'\nsource = 's'\nbilling_seconds = 60\n\
    devices = [{ type = 'B', memory = '16Gi' }, { type = 'C', memory = '8Gi' }]\n";

/// Calls, GiB, and by device type: seconds of a batch of one, of four, and to load.
type Row<'a> = (f64, u64, &'a [(&'a str, f64, f64, f64)]);

fn workload(rows: &[Row<'_>], path: f64) -> Workload {
    let functions = rows
        .iter()
        .enumerate()
        .map(|(number, (calls, gib, times))| {
            let times = times.iter().map(|(kind, one, four, load)| {
                let seconds = Duration::from_secs_f64;
                let times = FunctionTimes {
                    load: seconds(*load),
                    batches: BTreeMap::from([(1, seconds(*one)), (4, seconds(*four))]),
                };
                ((*kind).into(), times)
            });
            PlannedFunction {
                name: FunctionId::new(format!("f{number}")),
                calls: *calls,
                memory_bytes: gib << 30,
                times: times.collect(),
            }
        });
    Workload {
        functions: functions.collect(),
        longest_path: Duration::from_secs_f64(path),
    }
}

fn plan(work: &Workload, deadline: Option<f64>, spot: bool) -> Result<Plan, PlanError> {
    let terms = Terms {
        deadline: deadline.map(Duration::from_secs_f64),
        spot,
        time_limit: Duration::from_millis(100),
    };
    Plan::new(work, &PriceBook::parse(BOOK).expect("a book"), &terms)
}

#[track_caller]
fn check(rows: &[Row<'_>], deadline: Option<f64>, expect: &str) {
    let plan = plan(&workload(rows, 0.0), deadline, false).expect("a plan");
    let counts = plan.counts();
    let counts = counts
        .iter()
        .map(|((kind, _), count)| format!("{count} {kind}"));
    let counts: Vec<String> = counts.collect();
    let found = format!("{} in {:.0} s", counts.join(" + "), plan.time.as_secs_f64());
    assert_eq!(found, expect);
}

#[test]
fn plans_are_those_worked_out_by_hand() {
    let on_both: [(&str, f64, f64, f64); 2] = [("A", 1.0, 4.0, 10.0), ("B", 2.0, 8.0, 10.0)];
    // 100 s on A for $2/h are dearer than 200 s on B for $0.5/h; each node loads for 10 s.
    check(&[(100.0, 8, &on_both)], None, "1 small in 210 s");
    check(&[(100.0, 8, &on_both)], Some(100.0), "3 small in 77 s");
    check(&[(100.0, 8, &on_both)], Some(70.0), "4 small in 60 s");
    // By fours B is twice as fast.
    let batched: [(&str, f64, f64, f64); 1] = [("B", 2.0, 4.0, 10.0)];
    check(&[(100.0, 8, &batched)], Some(115.0), "1 small in 110 s");
    // Too large for B.
    check(&[(100.0, 40, &on_both)], None, "1 big in 110 s");
    // Two that do not fit on one device together.
    let apart: [Row<'_>; 2] = [(50.0, 12, &batched), (50.0, 12, &batched)];
    check(&apart, Some(200.0), "2 small in 60 s");
    // Nothing to load: more nodes cost the same, and the work ends sooner.
    let free: [(&str, f64, f64, f64); 1] = [("B", 2.0, 8.0, 0.0)];
    check(&[(100.0, 8, &free)], None, "10 small in 20 s");
}

#[test]
fn what_cannot_be_planned_is_said() {
    let check = |rows: &[Row<'_>], deadline, expect: &str| {
        let error = plan(&workload(rows, 10.0), deadline, false).expect_err("no plan");
        assert!(error.to_string().contains(expect), "{error}");
    };
    let on_b: [(&str, f64, f64, f64); 1] = [("B", 1.0, 4.0, 0.0)];
    check(&[(1.0, 40, &on_b)], None, "more memory than any device has");
    check(
        &[(1.0, 1, &[("X", 1.0, 4.0, 0.0)])],
        None,
        "how long it takes there is not known",
    );
    check(&[(1.0, 8, &on_b)], Some(9.0), "one task alone needs 10s");
    let slow: [(&str, f64, f64, f64); 1] = [("B", 60.0, 240.0, 0.0)];
    check(
        &[(1.0, 8, &[("B", 1.0, 4.0, 90.0)])],
        Some(30.0),
        "no choice of nodes",
    );
    assert!(plan(&workload(&[(4.0, 8, &slow)], 0.0), Some(240.0), false).is_ok());
}

#[test]
fn spot_is_taken_where_it_is_cheaper_on_average() {
    let on_b: [(&str, f64, f64, f64); 1] = [("B", 1.0, 4.0, 0.0)];
    let rows: [Row<'_>; 1] = [(3600.0, 8, &on_b)];
    let spot = plan(&workload(&rows, 0.0), None, true).expect("a plan");
    let full = plan(&workload(&rows, 0.0), None, false).expect("a plan");
    assert!(spot.nodes[0].spot.is_some() && full.nodes[0].spot.is_none());
    // An hour, taken back once in a hundred hours: hardly more than the spot price.
    let (spot, full) = (spot.cost.as_usd(), full.cost.as_usd());
    assert!(
        (0.1..0.11).contains(&spot) && (full - 0.5).abs() < 1e-6,
        "{spot}, {full}"
    );
}

/// A [`Row`] that owns its times.
type DrawnRow = (f64, u64, Vec<(&'static str, f64, f64, f64)>);

fn any_row() -> impl Strategy<Value = DrawnRow> {
    let times = |kind| {
        (0.01..2.0, 1.0..4.0, 0.0..20.0)
            .prop_map(move |(one, gain, load): (f64, f64, f64)| (kind, one, 4.0 * one / gain, load))
    };
    (1.0..2000.0, 1..8_u64, (times("A"), times("B"), times("C")))
        .prop_map(|(calls, gib, (a, b, c))| (calls, gib, vec![a, b, c]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Every call has a place, no memory is exceeded, every device ends in time, and no plan is cheaper
    /// than the floor.
    #[test]
    fn whatever_is_planned_can_be_done(
        rows in proptest::collection::vec(any_row(), 1..4),
        slack in 1.0..4.0,
    ) {
        let rows: Vec<Row<'_>> =
            rows.iter().map(|(calls, gib, times)| (*calls, *gib, times.as_slice())).collect();
        let work = workload(&rows, 1.0);
        let deadline = 60.0 * slack;
        let plan = match plan(&work, Some(deadline), false) {
            Ok(plan) => plan,
            Err(PlanError::NoPlan(_)) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        prop_assert!(plan.cost >= plan.floor.cost);
        prop_assert!(plan.time.as_secs_f64() <= deadline + 1e-6);
        let memory = BTreeMap::from([("A", 80), ("B", 16), ("C", 8)]);
        let mut done: BTreeMap<&FunctionId, f64> = BTreeMap::new();
        for device in plan.nodes.iter().flat_map(|node| &node.devices) {
            let (mut bytes, mut busy) = (0, 0.0);
            for resident in &device.resident {
                let function = work.functions.iter().find(|one| one.name == resident.function);
                let function = function.expect("a function of the workload");
                let times = &function.times[&device.kind];
                let batch = times.batches[&resident.batch_size].as_secs_f64();
                bytes += function.memory_bytes;
                if resident.calls > 0.0 {
                    busy += times.load.as_secs_f64();
                    busy += resident.calls * batch / f64::from(resident.batch_size);
                }
                *done.entry(&resident.function).or_default() += resident.calls;
            }
            prop_assert!(bytes <= memory[device.kind.0.as_str()] << 30);
            prop_assert!(busy <= plan.time.as_secs_f64() + 1e-3, "{busy} in {:?}", plan.time);
        }
        for function in &work.functions {
            let done = done.get(&function.name).copied().unwrap_or_default();
            prop_assert!((done - function.calls).abs() < 1e-3 * function.calls, "{done}");
        }
    }
}
