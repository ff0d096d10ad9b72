//! What a process has started, as `/proc` says it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Processes by id; the time of their start tells them from others that get the id later.
#[derive(Debug)]
pub(crate) struct Processes(BTreeMap<u32, u64>);

impl Processes {
    /// All that descend from this one.
    pub(crate) fn descended_from(ancestor: u32) -> Self {
        let all: BTreeMap<u32, Stat> = ids().filter_map(|id| Some((id, stat(id)?))).collect();
        let descends = |mut id: u32| {
            while let Some(stat) = all.get(&id) {
                if stat.parent == ancestor {
                    return true;
                }
                id = stat.parent;
            }
            false
        };
        let found = all.iter().filter(|(id, _)| descends(**id));
        Self(found.map(|(id, stat)| (*id, stat.started)).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that have not ended within this time.
    pub(crate) fn left_after(&self, patience: Duration) -> Vec<u32> {
        let until = Instant::now() + patience;
        loop {
            let left: Vec<u32> = self.0.iter().filter(runs).map(|one| *one.0).collect();
            if left.is_empty() || Instant::now() > until {
                return left;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The one whose command line has this in it.
    pub(crate) fn running(&self, command: &str) -> Option<u32> {
        self.0.keys().copied().find(|id| {
            let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line)
                .replace('\0', " ")
                .contains(command)
        })
    }
}

/// The most memory that the process has held so far; `None` if it has ended.
pub(crate) fn peak_memory_bytes(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

struct Stat {
    parent: u32,
    started: u64,
    ended: bool,
}

fn runs((id, started): &(&u32, &u64)) -> bool {
    stat(**id).is_some_and(|stat| stat.started == **started && !stat.ended)
}

fn ids() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").expect("Linux");
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

fn stat(id: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
        ended: matches!(*fields.first()?, "Z" | "X"),
    })
}
