//! A system's processes: what they have used, and their end.

use std::collections::HashMap;
use std::time::Duration;

use rustix::process::{
    Pid, Signal, WaitOptions, getpid, kill_process, kill_process_group, set_child_subreaper,
    waitpid,
};
use tokio::process::Child;

/// The kernel's unit of processor time in /proc, on every Linux.
const TICKS_A_SECOND: u64 = 100;

/// Processes whose parents die become ours, so that they can be found and ended: a peer's daemons.
pub(crate) fn adopt_orphans() -> anyhow::Result<()> {
    Ok(set_child_subreaper(Some(getpid()))?)
}

/// Leads a process group; all of it, and whatever it has left behind, is killed when this is dropped. One
/// at a time: what was left behind is known by being under this process.
pub(crate) struct Group {
    leader: Pid,
    _child: Child,
}

impl Group {
    /// Of a child that was started with `process_group(0)`.
    pub(crate) fn of(child: Child) -> anyhow::Result<Self> {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let leader = id.and_then(Pid::from_raw);
        let leader = leader.ok_or_else(|| anyhow::anyhow!("it has ended already"))?;
        Ok(Self {
            leader,
            _child: child,
        })
    }

    /// Processor time of the leader and all under it.
    pub(crate) fn cpu(&self) -> Duration {
        let stats = stats();
        let ticks: u64 = under(self.leader, &stats)
            .iter()
            .map(|id| stats[id].ticks)
            .sum();
        Duration::from_millis(ticks * 1000 / TICKS_A_SECOND)
    }
}

/// A process, if it is there, and all under it.
fn under(leader: Pid, stats: &HashMap<i32, Stat>) -> Vec<i32> {
    let mut found = vec![leader.as_raw_nonzero().get()];
    found.retain(|id| stats.contains_key(id));
    let mut next = 0;
    while next < found.len() {
        let parent = found[next];
        let under = stats.iter().filter(|(_, stat)| stat.parent == parent);
        found.extend(under.map(|(id, _)| *id));
        next += 1;
    }
    found
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = kill_process_group(self.leader, Signal::KILL);
        // Those that left the group. Some start others while they are being ended.
        for _ in 0..10 {
            let ours = under(getpid(), &stats());
            let left: Vec<Pid> = ours[1..]
                .iter()
                .copied()
                .filter_map(Pid::from_raw)
                .collect();
            if left.is_empty() {
                return;
            }
            for id in left {
                let _ = kill_process(id, Signal::KILL);
                let _ = waitpid(Some(id), WaitOptions::NOHANG);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

struct Stat {
    parent: i32,
    /// Own, and of children that were waited for.
    ticks: u64,
}

fn stats() -> HashMap<i32, Stat> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = entries.filter_map(|entry| {
        let id: i32 = entry.file_name().to_str()?.parse().ok()?;
        let text = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
        let parent = fields.get(1)?.parse().ok()?;
        Some((id, Stat { parent, ticks }))
    });
    stats.collect()
}
