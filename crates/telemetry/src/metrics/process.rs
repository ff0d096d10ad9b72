//! This process, by the names that every Prometheus client uses.

use std::sync::atomic::AtomicU64;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The kernel's unit for processor time, in /proc, on every Linux.
const TICKS_A_SECOND: f64 = 100.0;
const PAGE_BYTES: i64 = 4096;

/// Nothing, where /proc cannot be read.
pub(super) fn register(registry: &mut Registry) {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let Some((cpu_seconds, pages)) = used(&text) else {
        return;
    };
    let cpu: Counter<f64, AtomicU64> = Counter::default();
    cpu.inc_by(cpu_seconds);
    let help = "Processor time of the engine's process";
    registry.register("process_cpu_seconds", help, cpu);
    let memory: Gauge = Gauge::default();
    memory.set(pages * PAGE_BYTES);
    let help = "Resident memory of the engine's process";
    registry.register("process_resident_memory_bytes", help, memory);
}

/// Seconds of processor and resident pages, of a line of /proc/PID/stat.
fn used(stat: &str) -> Option<(f64, i64)> {
    // The second field is the program's name in brackets, with whatever is in it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<i64>().ok();
    let ticks = number(11)? + number(12)?;
    Some((ticks as f64 / TICKS_A_SECOND, number(21)?))
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn the_name_may_have_anything_in_it() {
        let line = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 4 0 99 4096 321 9";
        assert_eq!(used(line), Some((2.0, 321)));
        assert_eq!(used(""), None);
    }
}
