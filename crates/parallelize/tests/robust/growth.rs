//! Planning stays near linear in the length of the program.

use std::fmt::Write;
use std::time::{Duration, Instant};

use dice_parallelize::{Options, parallelize};

use crate::CATALOG;

/// What is repeated; `#` is the number of the repetition.
const SERIES: &[(&str, &str)] = &[
    (
        "straight lines",
        "    a# = await hermod.call(\"price\", item=\"#\")\n    print(a#)\n",
    ),
    (
        "loops",
        "    for x in [1, 2]:\n        y = await hermod.call(\"price\", item=f\"{x} #\")\n        total += y\n",
    ),
    (
        "branches",
        "    if total > #:\n        b# = await hermod.call(\"price\", item=\"#\")\n        print(b#)\n",
    ),
    (
        "chains",
        "    c = await hermod.call(\"classify\", text=c)\n    print(c)\n",
    ),
    ("no calls", "    n# = total + #\n    print(n#)\n"),
    (
        "handlers",
        "    try:\n        t# = await hermod.call(\"price\", item=\"#\")\n    except hermod.CallError:\n        t# = 0\n    print(t#)\n",
    ),
];

fn program(part: &str, count: usize) -> String {
    let mut text = "import hermod\n\n\nasync def main():\n    total, c = 0, \"a\"\n".to_owned();
    for number in 0..count {
        let _ = write!(text, "{}", part.replace('#', &number.to_string()));
    }
    text
}

/// Functions instead of one long one.
fn helpers(count: usize) -> String {
    let mut text = "import hermod\n\n\n".to_owned();
    for number in 0..count {
        let _ = write!(
            text,
            "async def ask_{number}(text):\n    return await hermod.call(\"classify\", text=text)\n\n\n"
        );
    }
    text.push_str("async def main():\n");
    for number in 0..count {
        let _ = writeln!(text, "    print(await ask_{number}(\"a\"))");
    }
    text
}

/// Of this thread on a processor, where the system says so: other tests run beside this one.
fn clock(start: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn time(source: &str, times: usize) -> Duration {
    let start = Instant::now();
    let before = clock(start);
    for _ in 0..times {
        assert!(parallelize(source, &CATALOG, &Options::default()).is_ok());
    }
    clock(start) - before
}

/// The clock of a thread moves in steps of some milliseconds.
const STEP: Duration = Duration::from_millis(20);

/// A program of ten times the length takes no more than three times what ten programs take.
#[test]
fn long_programs_take_no_more_than_their_length() {
    let grows = |name: &str, make: &dyn Fn(usize) -> String| {
        time(&make(20), 1);
        let (short, long) = (time(&make(40), 10), time(&make(400), 1));
        (long > short * 3 + STEP).then(|| format!("{name}: {short:?} became {long:?}"))
    };
    let mut slow: Vec<String> = SERIES
        .iter()
        .filter_map(|(name, part)| grows(name, &|count| program(part, count)))
        .collect();
    slow.extend(grows("helpers", &helpers));
    assert!(slow.is_empty(), "{slow:#?}");
}
