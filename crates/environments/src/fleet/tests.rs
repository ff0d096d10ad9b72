//! Fleet files as they are shipped, and wrong ones.

use super::*;

const MACHINE: Machine = Machine {
    cores: 4,
    memory_bytes: 16 << 30,
};

fn shipped(name: &str) -> Fleet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fleets");
    Fleet::read(&folder.join(name), MACHINE).unwrap()
}

/// `node: device(type, Gi, threads)…`, one line a node.
fn shown(fleet: &Fleet) -> String {
    use std::fmt::Write as _;
    let mut text = format!("{} time_scale={:?}\n", fleet.name, fleet.time_scale);
    let baseline = std::iter::once(&fleet.baseline);
    for node in fleet.nodes.iter().chain(baseline) {
        write!(text, "{} [{}]:", node.spec.id, node.spec.kind).unwrap();
        for (spec, device) in node.spec.devices.iter().zip(&node.devices) {
            let memory = spec.memory_bytes as f64 / f64::from(1 << 30);
            let (kind, id, threads) = (&spec.kind, &spec.id, device.threads);
            write!(text, " {id}({kind}, {memory:.1}Gi, {threads} threads)").unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn one_device_per_core_and_a_baseline_of_all_threads() {
    insta::assert_snapshot!(shown(&shipped("local-cpu.toml")), @r"
    local-cpu time_scale=None
    local-cpu-1 [local-cpu]: local-cpu-1/cpu-1(cpu, 3.2Gi, 1 threads) local-cpu-1/cpu-2(cpu, 3.2Gi, 1 threads) local-cpu-1/cpu-3(cpu, 3.2Gi, 1 threads) local-cpu-1/cpu-4(cpu, 3.2Gi, 1 threads)
    baseline [local-cpu]: baseline/cpu-1(cpu, 12.8Gi, 4 threads)
    ");
}

#[test]
fn the_papers_pair() {
    insta::assert_snapshot!(shown(&shipped("paper-pair.toml")), @r"
    paper-pair time_scale=Some(1.0)
    a6000-a4000-1 [a6000-a4000]: a6000-a4000-1/a6000-1(A6000, 48.0Gi, 1 threads) a6000-a4000-1/a4000-1(A4000, 16.0Gi, 1 threads)
    baseline [a100-80g]: baseline/a100-80g-1(A100-80G, 80.0Gi, 1 threads)
    ");
}

#[test]
fn every_shipped_fleet_reads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fleets");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let fleet = Fleet::read(&path, MACHINE).unwrap();
        assert_eq!(
            path.file_stem().unwrap().to_str(),
            Some(fleet.name.as_str())
        );
        let mut ids: Vec<_> = fleet
            .nodes
            .iter()
            .flat_map(|n| &n.spec.devices)
            .map(|d| &d.id)
            .collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "{}: device names are unique", fleet.name);
        read += 1;
    }
    assert!(read >= 4, "{read} fleets");
}

const GOOD: &str = r#"
name = "test"
time_scale = 0.5
[[nodes]]
type = "pair"
count = 2
devices = [{ type = "A6000", memory = "48Gi" }, { type = "A4000", memory = "16Gi" }]
[baseline]
type = "big"
devices = [{ type = "A100-80G", memory = "80Gi" }]
"#;

#[track_caller]
fn check(from: &str, to: &str, message: &str) {
    assert!(GOOD.contains(from));
    let error = Fleet::parse(&GOOD.replace(from, to), Path::new("f.toml"), MACHINE).unwrap_err();
    let text = match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    assert!(text.contains(message), "{text}");
}

#[test]
fn wrong_fleets_are_errors_that_say_why() {
    assert!(Fleet::parse(GOOD, Path::new("f.toml"), MACHINE).is_ok());
    check(
        "time_scale = 0.5",
        "time_scale = 0",
        "time_scale must be above 0",
    );
    check("count = 2", "count = 0", "at least one node");
    check("\"48Gi\"", "\"48GB\"", "\"48GB\" is no size");
    check(
        "[{ type = \"A100-80G\", memory = \"80Gi\" }]",
        "[]",
        "at least one device",
    );
    check(
        "type = \"A100-80G\"",
        "count = 2, type = \"A100-80G\"",
        "one node with one device",
    );
    check("count = 2", "number = 2", "unknown field `number`");
}
