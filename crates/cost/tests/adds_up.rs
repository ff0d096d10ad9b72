//! RUNTIME M1, M2: whatever was used, each view's lines add up to what was rented, exactly.

use std::time::Duration;

use dice_cost::{Bill, BillError, PriceBook, TaskSpan, Window};
use dice_model::{
    CallRef, Cost, DeviceId, DeviceSpec, FunctionId, LeaseId, LeaseUse, MicroUsd, NodeId, NodeSpec,
    PoolName, TaskId, Timestamp, Usage,
};
use proptest::prelude::*;

fn book() -> PriceBook {
    let text = "
        name = 'test'
        date = '2026-11-01'
        [[node]]
        type = 'pair'
        usd_per_hour = '1.300001'
        source = 'made up'
        billing_seconds = 7
        start_up_seconds = 3
        [[node]]
        type = 'single'
        usd_per_hour = '0.7'
        source = 'made up'
        billing_seconds = 1
    ";
    PriceBook::parse(text).expect("a price book")
}

fn node(number: usize) -> NodeSpec {
    let (kind, memory): (_, &[u64]) = if number == 0 {
        ("pair", &[48, 17])
    } else {
        ("single", &[5])
    };
    let device = |(slot, memory_bytes): (usize, &u64)| DeviceSpec {
        id: device(number, slot),
        kind: "gpu".into(),
        memory_bytes: *memory_bytes,
    };
    NodeSpec {
        id: NodeId(format!("n{number}")),
        kind: kind.into(),
        devices: memory.iter().enumerate().map(device).collect(),
    }
}

fn device(node: usize, slot: usize) -> DeviceId {
    DeviceId(format!("n{node}/{slot}"))
}

fn held(number: usize, from: u64, to: u64) -> Usage {
    Usage::NodeHeld {
        pool: PoolName::default(),
        node: NodeId(format!("n{number}")),
        kind: node(number).kind,
        from: Timestamp(from),
        to: Timestamp(to),
    }
}

fn leased(place: (usize, usize), from: u64, to: u64, purpose: LeaseUse) -> Usage {
    Usage::Leased {
        pool: PoolName::default(),
        node: NodeId(format!("n{}", place.0)),
        device: device(place.0, place.1),
        lease: LeaseId(1),
        function: FunctionId::new("detect"),
        from: Timestamp(from),
        to: Timestamp(to),
        purpose,
    }
}

fn execute(tasks: &[u64]) -> LeaseUse {
    let calls = tasks.iter().map(|&task| CallRef {
        task: TaskId(task),
        call: 0,
    });
    LeaseUse::Execute {
        calls: calls.collect(),
    }
}

const S: u64 = 1_000_000_000;

fn interval() -> impl Strategy<Value = (u64, u64)> {
    (0..100 * S, 0..40 * S).prop_map(|(from, length)| (from, from + length))
}

fn any_usage() -> impl Strategy<Value = Usage> {
    let purpose = prop_oneof![
        4 => proptest::collection::vec(1..6_u64, 0..5).prop_map(|tasks| execute(&tasks)),
        1 => Just(LeaseUse::Load),
        1 => Just(LeaseUse::Wasted { calls: Vec::new() }),
        1 => Just(LeaseUse::Hedged { calls: Vec::new() }),
    ];
    let place = prop_oneof![Just((0, 0)), Just((0, 1)), Just((1, 0))];
    prop_oneof![
        1 => (0..2_usize, interval()).prop_map(|(number, (from, to))| held(number, from, to)),
        4 => (place, interval(), purpose)
            .prop_map(|(place, (from, to), purpose)| leased(place, from, to, purpose)),
    ]
}

fn any_span() -> impl Strategy<Value = TaskSpan> {
    (1..6_u64, interval()).prop_map(|(task, (from, to))| TaskSpan {
        task: TaskId(task),
        from: Timestamp(from),
        to: Timestamp(to),
    })
}

proptest! {
    #[test]
    fn both_views_add_up_to_the_bill(
        usage in proptest::collection::vec(any_usage(), 0..30),
        spans in proptest::collection::vec(any_span(), 0..8),
        (from, to) in prop_oneof![Just((0, u64::MAX)), interval()],
    ) {
        let fleet = [node(0), node(1)];
        let window = Window { from: Timestamp(from), to: Timestamp(to) };
        let bill = Bill::new(&usage, &fleet, &spans, &book(), window).expect("prices are known");

        let direct = &bill.direct;
        let lines = direct.execute + direct.load + direct.wasted + direct.start_up + direct.idle
            + direct.speculation + direct.rounding;
        prop_assert_eq!(lines, bill.rented);
        prop_assert_eq!(direct.tasks.values().copied().sum::<Cost>(), direct.execute);
        let loaded = bill.loaded.tasks.values().copied().sum::<Cost>() + bill.loaded.no_task;
        prop_assert_eq!(loaded, bill.rented);
        let of_functions = bill.functions.values().map(|f| f.execute + f.load + f.wasted);
        prop_assert_eq!(
            of_functions.sum::<Cost>(),
            direct.execute + direct.load + direct.wasted
        );
        let least = |(task, cost): (&TaskId, &Cost)| bill.loaded.tasks[task] >= *cost;
        prop_assert!(direct.tasks.iter().all(least), "loaded is direct and more");
        let time = &bill.device_time;
        prop_assert_eq!(time.leased() + time.idle(), time.held);

        prop_assert_eq!(bill.entries.iter().map(|entry| entry.cost).sum::<Cost>(), bill.rented);
        let by_purpose = |wanted: &str| -> Cost {
            let entries = bill.entries.iter().filter(|entry| entry.purpose.label() == wanted);
            entries.map(|entry| entry.cost).sum()
        };
        for (label, cost) in bill.direct_costs() {
            prop_assert_eq!(by_purpose(label), cost, "{}", label);
        }

        let total: i64 = bill.direct_lines().iter().map(|line| line.amount.0).sum();
        let total_loaded: i64 = bill.loaded_lines().iter().map(|line| line.amount.0).sum();
        prop_assert_eq!(total, total_loaded);
    }
}

fn bill(usage: &[Usage], spans: &[(u64, u64, u64)]) -> Bill {
    let spans: Vec<TaskSpan> = spans
        .iter()
        .map(|&(task, from, to)| TaskSpan {
            task: TaskId(task),
            from: Timestamp(from * S),
            to: Timestamp(to * S),
        })
        .collect();
    Bill::new(usage, &[node(0), node(1)], &spans, &book(), Window::ALL).expect("prices are known")
}

/// `seconds` of the single-device node, at 0.7 $/h.
fn single(seconds: i128) -> Cost {
    Cost(700_000 * seconds * i128::from(S))
}

#[test]
fn calls_of_a_batch_share_it_equally() {
    let usage = [
        held(1, 0, 10 * S),
        leased((1, 0), 2 * S, 8 * S, execute(&[1, 1, 2])),
    ];
    let bill = bill(&usage, &[]);
    assert_eq!(bill.direct.tasks[&TaskId(1)], single(4));
    assert_eq!(bill.direct.tasks[&TaskId(2)], single(2));
    assert_eq!(bill.direct.idle, single(4));
    assert_eq!(bill.device_time.utilisation(), 0.6);
    let function = &bill.functions[&FunctionId::new("detect")];
    assert_eq!((function.leases, function.calls), (1, 3));
}

/// E3, O3: its task pays for it, whether it was withdrawn while it ran or ended for nobody.
#[test]
fn guesses_in_vain_have_a_line_of_their_own() {
    let guess = CallRef {
        task: TaskId(1),
        call: 0,
    };
    let wasted = LeaseUse::Wasted {
        calls: vec![guess, CallRef { call: 7, ..guess }],
    };
    let usage = [
        held(1, 0, 10 * S),
        leased((1, 0), 0, 6 * S, execute(&[1, 2])),
        leased((1, 0), 6 * S, 8 * S, wasted),
    ];
    let (fleet, book) = ([node(0), node(1)], book());
    let of = |in_vain: &[CallRef]| {
        let in_vain = in_vain.iter().copied().collect();
        Bill::with_guesses(&usage, &fleet, &[], &book, Window::ALL, &in_vain)
            .expect("prices are known")
    };
    let (plain, guessed) = (of(&[]).direct, of(&[guess]));
    assert_eq!(plain.speculation, Cost::ZERO);
    assert_eq!((plain.execute, plain.wasted), (single(6), single(2)));
    let direct = &guessed.direct;
    assert_eq!(direct.speculation, single(4));
    assert_eq!((direct.execute, direct.wasted), (single(3), single(1)));
    assert_eq!(direct.tasks[&TaskId(1)], single(4));
    let lines: Cost = guessed.direct_costs().iter().map(|(_, cost)| *cost).sum();
    assert_eq!(lines, guessed.rented);
}

#[test]
fn leases_that_hold_a_device_at_once_share_it() {
    let usage = [
        held(1, 0, 10 * S),
        leased((1, 0), 0, 6 * S, execute(&[1])),
        leased((1, 0), 4 * S, 10 * S, LeaseUse::Load),
    ];
    let bill = bill(&usage, &[]);
    assert_eq!(bill.direct.execute, single(5));
    assert_eq!(bill.direct.load, single(5));
    assert_eq!(bill.direct.idle, Cost::ZERO);
    assert_eq!(bill.loaded.no_task, single(5));
}

#[test]
fn idle_time_is_borne_by_the_tasks_that_were_live() {
    let usage = [
        held(1, 0, 12 * S),
        leased((1, 0), 0, 2 * S, execute(&[1])),
        leased((1, 0), 6 * S, 7 * S, execute(&[2])),
    ];
    let bill = bill(&usage, &[(1, 0, 5), (2, 2, 10)]);
    // 2–5: both live, two to one; 5–6 and 7–10: task 2 alone; 10–12: nobody.
    assert_eq!(bill.loaded.tasks[&TaskId(1)], single(2 + 2));
    assert_eq!(bill.loaded.tasks[&TaskId(2)], single(1 + 1 + 1 + 3));
    assert_eq!(bill.loaded.no_task, single(2));
}

#[test]
fn nodes_are_billed_in_whole_units_and_from_rent_to_first_use() {
    let bill = bill(&[held(0, 0, 10 * S)], &[(1, 0, 10)]);
    assert_eq!(bill.nodes[0].held, Duration::from_secs(10));
    assert_eq!(bill.nodes[0].billed, Duration::from_secs(14 + 3));
    assert_eq!(bill.direct.rounding, Cost(1_300_001 * 4 * i128::from(S)));
    assert_eq!(bill.direct.start_up, Cost(1_300_001 * 3 * i128::from(S)));
    assert_eq!(bill.loaded.tasks[&TaskId(1)], bill.rented);
}

#[test]
fn time_on_a_device_that_was_not_rented_is_shown_and_not_billed() {
    let usage = [
        held(1, 0, 10 * S),
        leased((1, 0), 8 * S, 13 * S, execute(&[1])),
    ];
    let bill = bill(&usage, &[]);
    assert_eq!(bill.direct.execute, single(2));
    assert_eq!(bill.outside, Duration::from_secs(3));
}

#[test]
fn printed_lines_add_up_to_the_printed_total() {
    let usage = [
        held(1, 0, 3601 * S),
        leased((1, 0), 0, 1200 * S, execute(&[1])),
    ];
    let lines = bill(&usage, &[]).direct_lines();
    let amount = |label: &str| {
        lines
            .iter()
            .find(|line| line.label == label)
            .map(|l| l.amount)
    };
    assert_eq!(amount("executing calls"), Some(MicroUsd(233_333)));
    assert_eq!(lines.iter().map(|line| line.amount.0).sum::<i64>(), 700_194);
}

#[test]
fn what_cannot_be_priced_is_an_error() {
    let check = |usage: &[Usage], fleet: &[NodeSpec], expect: &str| {
        let error = Bill::new(usage, fleet, &[], &book(), Window::ALL).expect_err(expect);
        assert!(error.to_string().contains(expect), "{error}");
        error
    };
    let mut strange = node(1);
    strange.kind = "h100".into();
    let error = check(&[held(1, 0, S)], &[strange], "no price for node type h100");
    assert!(matches!(error, BillError::Price(_)));
    check(
        &[held(1, 0, S)],
        &[],
        "n1 was held, but is not in the fleet",
    );
    let lease = leased((1, 0), 0, S, LeaseUse::Load);
    check(
        &[lease],
        &[node(0)],
        "n1/0 was leased, but is not in the fleet",
    );
}
