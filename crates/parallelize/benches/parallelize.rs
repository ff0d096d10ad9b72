//! How long planning takes: `cargo bench -p dice-parallelize`.

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dice_catalog::Catalog;
use dice_parallelize::{Options, parallelize};

/// A program of about so many lines: helpers, and a `main` with straight lines, loops, branches, `try`.
fn program(lines: usize) -> String {
    let mut text = "import asyncio\n\nimport hermod\n\n\n".to_owned();
    let pieces = lines.div_ceil(20);
    for piece in 0..pieces {
        let _ = writeln!(
            text,
            "async def ask_{piece}(text):\n    category = await hermod.call(\"classify\", text=text)\n    summary = await hermod.call(\"summarize\", text=text)\n    return f\"{{category}} {{summary}}\"\n\n"
        );
    }
    text.push_str("async def main():\n    total = 0\n    lines = []\n");
    for piece in 0..pieces {
        let _ = write!(
            text,
            "    answer_{piece} = await ask_{piece}(\"a\")\n    price_{piece} = await hermod.call(\"price\", item=\"{piece}\")\n    print(answer_{piece})\n    for number, word in enumerate([\"a\", \"b\"]):\n        try:\n            score = await hermod.call(\"embed\", text=word)\n        except hermod.CallError:\n            score = 0\n        if score > {piece}:\n            lines.append(f\"{{number}} {{word}}\")\n        total += score\n        print(total, price_{piece})\n"
        );
    }
    text.push_str("    print(lines)\n\n\nasyncio.run(main())\n");
    text
}

fn planning(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/programs/catalog.yaml");
    let text = std::fs::read_to_string(path).expect("the catalog is there");
    let catalog = Catalog::from_resources(&text).expect("the catalog is right");
    let mut group = criterion.benchmark_group("parallelize");
    group.sample_size(20);
    for lines in [100, 200, 500, 1_000, 2_000, 5_000] {
        let source = program(lines);
        let count = source.lines().count();
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(
            BenchmarkId::new("lines", count),
            &source,
            |bencher, source| {
                bencher.iter(|| parallelize(black_box(source), &catalog, &Options::default()));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, planning);
criterion_main!(benches);
