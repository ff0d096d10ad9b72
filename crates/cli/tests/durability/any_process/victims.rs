//! Who dies, and when: at a random moment, or at a chosen place between a write's intent and its
//! acknowledgement.

use std::collections::BTreeSet;

use rustix::process::Signal;

use super::calls::WRITES;
use super::story::Story;
use crate::support::{Execution, signal, wait_until};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victim {
    Worker,
    /// A worker whose write has happened: at once, or when it is about to answer.
    Writer(&'static str),
    ForkServer,
    Program,
    Engine,
    /// The engine, at one of its failpoints; in a build without them, while a worker writes.
    EngineAt(&'static str),
    /// An engine, where there is none.
    Database,
}

/// Every second one aims between a write's intent and its acknowledgement.
pub(super) const VICTIMS: [Victim; 12] = [
    Victim::Worker,
    Victim::EngineAt("intent-durable"),
    Victim::ForkServer,
    Victim::Writer(".die-begun"),
    Victim::Engine,
    Victim::EngineAt("result-arrived"),
    Victim::Program,
    Victim::Writer(".die-done"),
    Victim::Database,
    Victim::EngineAt("outcome-durable"),
    Victim::Worker,
    Victim::EngineAt("result-arrived"),
];

impl Story {
    pub(super) fn kill(&mut self, victim: Victim) {
        wait_until("programs and workers run", || {
            self.watched.look();
            !self.watched.programs().is_empty() && !self.watched.workers().is_empty()
        });
        let before = self.kills.between;
        match victim {
            Victim::Worker => self.kill_worker(),
            Victim::Writer(place) => self.kill_writer(place),
            Victim::ForkServer => {
                let server = self.watched.fork_server();
                let server = server.expect("programs run");
                self.kill_between(|_| signal(&server, Signal::KILL));
            }
            Victim::Program => {
                let programs = self.watched.programs();
                // It may have ended by itself just now.
                if let Some(program) = programs.get(self.random.below(programs.len().max(1))) {
                    signal(program, Signal::KILL);
                    self.killed_programs += 1;
                }
            }
            Victim::Engine => {
                self.dice().kill().unwrap();
                self.engine_is_dead(false);
            }
            Victim::EngineAt(place) => self.kill_engine_at(place),
            Victim::Database if self.server.is_none() => self.kill(Victim::Engine),
            Victim::Database => {
                self.kill_between(|story| story.server.as_mut().unwrap().kill());
                self.server.as_mut().unwrap().restart();
            }
        }
        if victim != Victim::Database || self.server.is_some() {
            self.kills.total += 1;
        }
        let hit = self.kills.between > before;
        eprintln!("kill {}: {victim:?}, between: {hit}", self.kills.total);
    }

    /// Counts it, if a write was under way before and after.
    fn kill_between(&mut self, kill: impl FnOnce(&mut Self)) {
        let before = self.traces.under_way(&WRITES);
        kill(self);
        let after = self.traces.under_way(&WRITES);
        let lives = |process: i32| self.watched.workers().iter().any(|one| one.pid == process);
        let between = before.intersection(&after).any(|one| lives(one.process));
        self.kills.between += usize::from(between);
    }

    fn kill_worker(&mut self) {
        let workers = self.watched.workers();
        let worker = &workers[self.random.below(workers.len())];
        let before = self.traces.under_way(&WRITES);
        signal(worker, Signal::KILL);
        self.kills.hit_worker(worker.pid);
        let after = self.traces.under_way(&WRITES);
        let mut between = before.intersection(&after);
        let between = between.any(|one| one.process == worker.pid);
        self.kills.between += usize::from(between);
    }

    fn kill_writer(&mut self, place: &str) {
        let gone = |process: i32| !std::path::Path::new(&format!("/proc/{process}")).exists();
        // What a worker that died before wrote is under way for ever.
        let processes = self.traces.under_way(&WRITES).into_iter();
        let processes = processes.map(|one| one.process);
        let dead: BTreeSet<i32> = processes
            .filter(|&process| gone(process) || self.kills.was_hit(process))
            .collect();
        let armed = self.traces.arm(place);
        self.go_on_until("a worker writes", |_| !armed.exists());
        // Which one: whoever is gone without having ended.
        let under_way = self.traces.under_way(&WRITES);
        let died = |one: &&Execution| gone(one.process) && !dead.contains(&one.process);
        wait_until("the worker is gone", || {
            under_way.iter().any(|one| died(&one))
        });
        for one in under_way.iter().filter(died) {
            self.kills.hit_worker(one.process);
        }
        self.kills.between += 1;
    }

    fn kill_engine_at(&mut self, place: &str) {
        if cfg!(feature = "failpoints") {
            let armed = self.failpoints().join(place);
            std::fs::write(&armed, "").unwrap();
            wait_until("the engine dies at its failpoint", || !armed.exists());
        } else {
            let traces = crate::support::Traces::of(self.world.path("traces"));
            let before = traces.under_way(&WRITES);
            self.go_on_until("a worker writes", |_| {
                traces
                    .under_way(&WRITES)
                    .difference(&before)
                    .next()
                    .is_some()
            });
            self.dice().kill().unwrap();
        }
        let is_write = cfg!(feature = "failpoints") && place != "outcome-durable";
        self.engine_is_dead(is_write);
    }

    /// `between`: it is known to have died so. Else, if a worker still writes that began under it.
    fn engine_is_dead(&mut self, between: bool) {
        let status = self.dice().wait().unwrap();
        assert!(status.code().is_none(), "it ended by itself: {status}");
        let under_way = self.traces.under_way(&WRITES);
        let workers = self.watched.workers();
        let mut writes = under_way.iter();
        let writes = writes.any(|one| workers.iter().any(|worker| worker.pid == one.process));
        self.kills.between += usize::from(between || writes);
        self.look_at_what_is_durable();
        self.start();
    }
}
