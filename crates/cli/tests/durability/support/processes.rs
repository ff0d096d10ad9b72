//! Processes of a world, as the kernel knows them.

use std::collections::BTreeSet;
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process};

use super::World;

/// A process that cannot be mistaken for a later one with its number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Process {
    pub pid: i32,
    /// In clock ticks since the machine's start.
    started: u64,
    parent: i32,
    pub command: String,
}

/// Everything that a `dice` has started so far, directly or not.
pub struct Watched {
    dice: i32,
    seen: BTreeSet<Process>,
}

impl Watched {
    pub fn new(dice: &Child) -> Self {
        let dice = i32::try_from(dice.id()).unwrap();
        let seen = BTreeSet::new();
        Self { dice, seen }
    }

    pub fn look(&mut self) {
        let all = all();
        let mut parents = BTreeSet::from([self.dice]);
        // Children come after their parents unless numbers have wrapped around: then the next look
        // finds them.
        for process in &all {
            if parents.contains(&process.parent) {
                parents.insert(process.pid);
                self.seen.insert(process.clone());
            }
        }
    }

    /// The fork server.
    pub fn fork_server(&self) -> Option<Process> {
        let mut alive = self.alive().into_iter();
        alive.find(|process| process.is_fork_server() && process.parent == self.dice)
    }

    /// Programs in the sandbox.
    pub fn programs(&self) -> Vec<Process> {
        let Some(server) = self.fork_server() else {
            return Vec::new();
        };
        let alive = self.alive().into_iter();
        alive
            .filter(|process| process.parent == server.pid)
            .collect()
    }

    pub fn workers(&self) -> Vec<Process> {
        let alive = self.alive().into_iter();
        alive.filter(|process| process.is_worker()).collect()
    }

    /// Of all that were seen.
    pub fn alive(&self) -> Vec<Process> {
        let all = all();
        let alive = self.seen.iter();
        let same =
            |seen: &Process, now: &Process| (seen.pid, seen.started) == (now.pid, now.started);
        alive
            .filter(|seen| all.iter().any(|now| same(seen, now)))
            .cloned()
            .collect()
    }
}

impl Process {
    fn is_fork_server(&self) -> bool {
        self.command.contains("hermod.sandbox.server")
    }

    pub fn is_worker(&self) -> bool {
        self.command.contains("-m hermod worker")
    }
}

pub fn signal(process: &Process, signal: Signal) {
    if let Some(pid) = Pid::from_raw(process.pid) {
        // It may have ended by itself just now.
        let _ = kill_process(pid, signal);
    }
}

pub fn signal_child(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    kill_process(pid.unwrap(), signal).unwrap();
}

/// Workers by the folder whose engine they were started by, and engines on that folder.
pub fn of_world(world: &World) -> Vec<Process> {
    let folder = world.path("");
    let mentions = |process: &Process| {
        let environment = std::fs::read(format!("/proc/{}/environ", process.pid));
        let environment = environment.unwrap_or_default();
        let place = folder.to_str().unwrap();
        String::from_utf8_lossy(&environment).contains(place) || process.command.contains(place)
    };
    let mine = i32::try_from(std::process::id()).unwrap();
    let others = all().into_iter().filter(|process| process.pid != mine);
    others.filter(mentions).collect()
}

/// By number. Those that have ended and are only not reaped yet do not count.
fn all() -> Vec<Process> {
    let numbers = std::fs::read_dir("/proc").unwrap();
    let numbers = numbers.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let mut numbers: Vec<i32> = numbers.collect();
    numbers.sort_unstable();
    numbers.into_iter().filter_map(read).collect()
}

fn read(pid: i32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // After the name, which may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    if fields[0] == "Z" {
        return None;
    }
    let command = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    Some(Process {
        pid,
        parent: fields[1].parse().ok()?,
        started: fields[19].parse().ok()?,
        command: String::from_utf8_lossy(&command).replace('\0', " "),
    })
}
