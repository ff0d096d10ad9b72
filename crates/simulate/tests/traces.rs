//! A recorded batch, replayed: as it was, and on other nodes. Worked out by hand.

use std::time::Duration;

use dice_simulate::{Changes, Node, Trace, TraceError, simulate};

/// Two tasks, each `find` for a second and then `ask` twice side by side on two devices, half a second each;
/// a tenth of a second of the program's own time before each step and at the end.
fn recorded() -> String {
    let call = |function: &str, device: &str, issued: u64, granted: u64, ended: u64| {
        format!(
            r#"{{"function":"{function}","device":"{device}","issued_ns":{issued}00000000,"granted_ns":{granted}00000000,"ended_ns":{ended}00000000}}"#
        )
    };
    let task = |started: u64, first: &str, second: &str| {
        let calls = [
            call("find", first, started + 1, started + 1, started + 11),
            call("ask", first, started + 12, started + 12, started + 17),
            call("ask", second, started + 12, started + 12, started + 17),
        ];
        format!(
            r#"{{"accepted_ns":0,"started_ns":{started}00000000,"ended_ns":{}00000000,"calls":[{}]}}"#,
            started + 18,
            calls.join(",")
        )
    };
    let tasks = [task(0, "n/1", "n/2"), task(20, "n/2", "n/1")].join(",");
    let device = |id: &str| format!(r#"{{"id":"{id}","type":"gpu","memory_bytes":1073741824}}"#);
    let function = |name: &str| {
        format!(r#"{{"name":"{name}","effect":"pure","memory_bytes":1048576,"max_batch_size":1}}"#)
    };
    format!(
        r#"{{"version":1,"name":"small","labels":[],"concurrency":1,
            "nodes":[{{"type":"pair","devices":[{},{}]}}],
            "functions":[{},{}],"tasks":[{tasks}]}}"#,
        device("n/1"),
        device("n/2"),
        function("find"),
        function("ask"),
    )
    .replace(":000000000,", ":0,")
}

fn makespan(changes: &Changes) -> Duration {
    let trace = Trace::parse(&recorded()).expect("a trace");
    let scenario = trace.scenario(changes).expect("a scenario");
    simulate(&scenario).expect("it ends").makespan
}

#[test]
fn a_replay_on_the_same_nodes_takes_as_long() {
    let trace = Trace::parse(&recorded()).expect("a trace");
    assert_eq!(trace.makespan(), Duration::from_millis(3800));
    assert_eq!(trace.device_time(), Duration::from_secs(4));
    // One after the other, without the pause that there was between them.
    assert_eq!(makespan(&Changes::default()), Duration::from_millis(3600));
}

#[test]
fn more_at_once_or_fewer_devices_change_it() {
    let both = Changes {
        concurrency: Some(2),
        ..Changes::default()
    };
    // Both find at once, on a device each; then four calls on two devices.
    assert_eq!(makespan(&both), Duration::from_millis(2300));
    let trace = Trace::parse(&recorded()).expect("a trace");
    let scenario = trace.scenario(&Changes::default()).expect("a scenario");
    let mut node: Node = scenario.nodes[0].clone();
    node.devices.truncate(1);
    let one_device = Changes {
        nodes: Some(vec![node]),
        ..Changes::default()
    };
    // The second of each task's pairs waits for the first.
    assert_eq!(makespan(&one_device), Duration::from_millis(4600));
}

/// Of devices that it has not run on, the profiles of the trace know.
#[test]
fn other_devices_take_the_times_of_profiles() {
    let profiles = |batches: &str| {
        let profile = format!(r#"[{{"type":"slow","load_ns":0,"batches_ns":{batches}}}]"#);
        let text = recorded().replace(
            r#""max_batch_size":1}"#,
            &format!(r#""max_batch_size":1,"profiles":{profile}}}"#),
        );
        Trace::parse(&text).expect("a trace")
    };
    let device = |slot: &str| dice_model::DeviceSpec {
        id: dice_model::DeviceId(slot.to_owned()),
        kind: dice_model::DeviceType::from("slow"),
        memory_bytes: 1 << 30,
    };
    let node = dice_model::NodeSpec {
        id: dice_model::NodeId("m".to_owned()),
        kind: "pair".into(),
        devices: vec![device("m/1"), device("m/2")],
    };
    let trace = profiles("[[1,3000000000]]");
    let nodes = trace.loaded(std::slice::from_ref(&node)).expect("nodes");
    assert_eq!(nodes[0].devices[0].holds.len(), 2);
    let slow = Changes {
        nodes: Some(nodes),
        ..Changes::default()
    };
    let scenario = trace.scenario(&slow).expect("a scenario");
    // Both functions take three seconds there, in two steps, and one task waits for the other.
    let outcome = simulate(&scenario).expect("it ends");
    assert_eq!(
        outcome.makespan,
        Duration::from_millis(2 * (100 + 3000 + 100 + 3000 + 100))
    );
    // Without them it cannot be said.
    let unknown = Trace::parse(&recorded()).expect("a trace");
    let nodes = unknown.loaded(std::slice::from_ref(&node)).expect("nodes");
    let slow = Changes {
        nodes: Some(nodes),
        ..Changes::default()
    };
    let error = unknown.scenario(&slow).expect_err("no times").to_string();
    assert!(
        error.contains("how long it takes there is not said"),
        "{error}"
    );
}

#[test]
fn what_is_wrong_with_a_trace_is_said() {
    let check = |from: &str, to: &str, expect: &str| {
        let text = recorded();
        assert!(text.contains(from), "{from}");
        let trace = Trace::parse(&text.replace(from, to));
        let scenario = trace.and_then(|trace| trace.scenario(&Changes::default()));
        let error: TraceError = scenario.expect_err("wrong");
        assert!(error.to_string().contains(expect), "{error}");
    };
    check("\"version\":1", "\"version\":2", "version 2");
    check(
        "\"id\":\"n/2\"",
        "\"id\":\"n/3\"",
        "n/2, which none of its nodes has",
    );
    check("\"name\":\"ask\"", "\"name\":\"tell\"", "ask is called");
}
