//! Pairs of programs to certificates.

use dice_catalog::Catalog;
use dice_verify::{Certificate, Limits, ObligationKind, Options, Pair, Status, Verdict, verify};

use crate::support::harness;

const FUNCTIONS: &str = include_str!("../../../../tests/programs/catalog.yaml");

fn program(body: &str) -> String {
    let lines: String = body.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "import asyncio\n\nimport hermod\n\n\nasync def main():\n{lines}\n\nasyncio.run(main())\n"
    )
}

async fn certificate(serial: &str, distributed: &str) -> Option<Certificate> {
    let harness = harness(Limits::default()).await?;
    let catalog = Catalog::from_resources(FUNCTIONS).expect("a catalog");
    let (serial, distributed) = (program(serial), program(distributed));
    let pair = Pair {
        serial: &serial,
        distributed: &distributed,
    };
    let options = Options {
        runs: 60,
        ..Options::default()
    };
    let made = verify(&harness, pair, &catalog, &options).await;
    Some(made.expect("a certificate"))
}

const TWO: &str = "a = await hermod.call('classify', text='a')
b = await hermod.call('classify', text='b')
print(a, b)";

#[tokio::test]
async fn calls_that_may_be_made_together() {
    let together = "a_call = hermod.call('classify', text='a')
b_call = hermod.call('classify', text='b')
a = await a_call
b = await b_call
print(a, b)";
    let Some(certificate) = certificate(TWO, together).await else {
        return;
    };
    assert_eq!(certificate.verdict, Verdict::Equal);
    assert_eq!(certificate.counterexample, None);
    let calls = certificate.obligations.iter();
    let calls: Vec<Status> = calls
        .filter(|one| one.kind == ObligationKind::Call)
        .map(|one| one.status)
        .collect();
    assert_eq!(calls, [Status::Proved, Status::Proved]);
    let text = serde_json::to_string(&certificate).expect("JSON");
    let read: Certificate = serde_json::from_str(&text).expect("reads back");
    assert_eq!(read, certificate);
}

#[tokio::test]
async fn awaits_in_another_order_differ_when_both_calls_fail() {
    let swapped = "a_call = hermod.call('classify', text='a')
b_call = hermod.call('classify', text='b')
b = await b_call
a = await a_call
print(a, b)";
    let Some(certificate) = certificate(TWO, swapped).await else {
        return;
    };
    assert_eq!(certificate.verdict, Verdict::EqualWhenNoCallFails);
    let example = certificate.counterexample.expect("a counterexample");
    assert_eq!(example.differences[0].rule, "A1");
    let failing = example.calls.iter().filter(|call| call.fails).count();
    assert_eq!(failing, 2, "neither failure alone tells them apart");
    assert_ne!(example.serial.end, example.distributed.expect("ends").end);
}
