//! Events a second in a steady state, in processor time, so that a busy machine does not matter much; the
//! driver's own work is included.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dice_scheduler::PolicyName;
use steady::{Size, Steady};

#[path = "../tests/support/specs.rs"]
mod specs;
#[path = "../tests/support/steady.rs"]
mod steady;

/// In one measurement: many times as long as the kernel's accounting is coarse.
const EVENTS: u64 = 200_000;

/// Of this thread, where the kernel says it.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

fn timed(work: impl FnOnce()) -> Duration {
    let (before, began) = (processor_time(), Instant::now());
    work();
    let wall = began.elapsed();
    match (before, processor_time()) {
        (Some(before), Some(after)) => after - before,
        _ => wall,
    }
}

fn events(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("events");
    group.throughput(Throughput::Elements(EVENTS));
    let mut bench = |id: BenchmarkId, size: Size| {
        let mut steady = Steady::new(size);
        steady.events(EVENTS);
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|rounds| {
                let count = rounds * EVENTS;
                timed(|| {
                    black_box(steady.events(count));
                })
            });
        });
    };
    let large = Size::large(PolicyName::Dice, 16);
    bench(BenchmarkId::new("dice, batches of 16", "1e5"), large);
    let single = Size::large(PolicyName::Dice, 1);
    bench(BenchmarkId::new("dice, no batches", "1e5"), single);
    let fifo = Size::large(PolicyName::Fifo, 1);
    bench(BenchmarkId::new("fifo", "1e5"), fifo);
    let tenants = Size {
        tenants: 100,
        ..single
    };
    bench(BenchmarkId::new("dice, 100 tenants", "1e5"), tenants);
    for calls in [1_000, 10_000, 1_000_000] {
        let size = Size { calls, ..large };
        bench(BenchmarkId::new("dice, batches of 16", calls), size);
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(3))
        .warm_up_time(Duration::from_secs(1));
    targets = events
}
criterion_main!(benches);
