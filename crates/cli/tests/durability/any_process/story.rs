//! A batch under way, from one kill to the next, and what must be so in the end.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Instant;

use dice_model::{TaskEnd, TaskId, TaskState};
use dice_runtime::{CallState, JournalPlace};
use rustix::process::Signal;

use super::calls::{CALLS, Kills, Results, WRITE, call_of, functions};
use super::victims::VICTIMS;
use crate::postgres::Postgres;
use crate::support::{
    Call, Journal, PATIENCE, Random, Task, Traces, Watched, World, finished, is_durable, pack,
    pause, signal_child, succeeded, told, wait_until,
};

const TASKS_PER_KILL: usize = 4;

pub(super) struct Story {
    pub(super) world: World,
    pub(super) traces: Traces,
    pub(super) server: Option<Postgres>,
    pub(super) random: Random,
    tasks: usize,
    dice: Option<Child>,
    pub(super) watched: Watched,
    pub(super) kills: Kills,
    pub(super) killed_programs: usize,
    /// Executions of each call that was durable when an engine was killed.
    durable: BTreeMap<Call, usize>,
    /// Tasks that had ended by then: they are not looked at again before the end.
    ended: HashSet<TaskId>,
}

impl Story {
    pub(super) fn begin(world: World, server: Option<Postgres>, kills: usize) -> Self {
        let tasks = TASKS_PER_KILL * kills.max(VICTIMS.len());
        world.program("steps.py", include_str!("../programs/steps.py"));
        world.numbered_inputs(tasks);
        std::fs::create_dir(world.path("failpoints")).unwrap();
        let dice = batch(&world, server.as_ref()).spawn().unwrap();
        Self {
            watched: Watched::new(&dice),
            dice: Some(dice),
            traces: world.traces(),
            world,
            server,
            random: Random::new(),
            tasks,
            kills: Kills::default(),
            killed_programs: 0,
            durable: BTreeMap::new(),
            ended: HashSet::new(),
        }
    }

    pub(super) const fn expected(&self) -> usize {
        self.tasks * CALLS
    }

    pub(super) fn dice(&mut self) -> &mut Child {
        self.dice.as_mut().expect("it was started")
    }

    pub(super) fn failpoints(&self) -> PathBuf {
        self.world.path("failpoints")
    }

    /// The same command again goes on with the batch.
    pub(super) fn start(&mut self) {
        let dice = batch(&self.world, self.server.as_ref()).spawn().unwrap();
        self.watched = Watched::new(&dice);
        self.dice = Some(dice);
    }

    /// About so many executions; which moment of a call that is, chance decides.
    pub(super) fn go_on_until_executed(&mut self, executions: usize) {
        let executions = executions + self.random.below(CALLS);
        self.go_on_until("more calls are executed", |story| {
            story.traces.len() >= executions
        });
        (0..self.random.below(10)).for_each(|_| pause());
    }

    pub(super) fn go_on_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !holds(self) {
            if self.dice().try_wait().unwrap().is_some() {
                let output = self.dice.take().unwrap().wait_with_output().unwrap();
                panic!("it ended before {what}: {}", told(&output));
            }
            assert!(Instant::now() < until, "waited in vain until {what}");
            pause();
        }
    }

    /// What is durable may not be executed again; what is open, once more for this kill.
    pub(super) fn look_at_what_is_durable(&mut self) {
        let journal = Journal::but(&self.world.data(), &self.place(), &self.ended);
        let executions = self.traces.executions();
        let mut open: BTreeSet<Call> = executions.keys().cloned().collect();
        for task in &journal.tasks {
            for record in &task.calls {
                let call = call_of(task.record.id, record);
                if is_durable(record) {
                    let times = executions.get(&call).copied().unwrap_or(0);
                    assert!(times > 0, "{call:?} has an outcome and was never executed");
                    self.durable.entry(call).or_insert(times);
                } else if record.state == CallState::Granted {
                    open.insert(call);
                }
            }
            if task.record.state.is_terminal() {
                self.ended.insert(task.record.id);
            }
        }
        open.retain(|call| !self.durable.contains_key(call));
        self.kills.hit_engine(open);
    }

    fn place(&self) -> JournalPlace {
        self.server.as_ref().map_or(JournalPlace::Folder, |server| {
            JournalPlace::Postgres(server.url())
        })
    }

    fn journal(&self) -> Journal {
        Journal::but(&self.world.data(), &self.place(), &HashSet::new())
    }

    /// To its end: then somebody looks what became of each write in doubt, says so, and the batch goes on.
    pub(super) fn settle(&mut self) {
        let output = finished(self.dice.take().unwrap());
        let journal = self.journal();
        assert_eq!(journal.ended(), self.tasks, "{}", told(&output));
        let uncertain = |task: &&Task| task.record.state == TaskState::Uncertain;
        let uncertain = journal.tasks.iter().filter(uncertain);
        let uncertain: Vec<TaskId> = uncertain.map(|task| task.record.id).collect();
        eprintln!("{} tasks were in doubt", uncertain.len());
        if uncertain.is_empty() {
            return;
        }
        let mut up = dice(&self.world, self.server.as_ref());
        let up = up.args(["up", "--listen", "127.0.0.1:0"]).spawn().unwrap();
        // A client without an engine would start one of its own, on the folder's journal.
        wait_until("it listens", || {
            UnixStream::connect(self.world.data().join("dice.sock")).is_ok()
        });
        let results = Results::of(&self.traces);
        for task in uncertain {
            let mut resolve = self.world.client();
            resolve.args(["tasks", "resolve", &task.to_string()]);
            match results.get(task, WRITE) {
                Some(result) => resolve.args(["--happened", &result]),
                None => resolve.arg("--not-happened"),
            };
            succeeded(&mut resolve);
        }
        signal_child(&up, Signal::TERM);
        finished(up);
        // The engine that was told may have finished the last of them already.
        if self.journal().ended() < self.tasks {
            finished(batch(&self.world, self.server.as_ref()).spawn().unwrap());
        }
    }

    pub(super) fn check(&self) {
        let journal = self.journal();
        let results = Results::of(&self.traces);
        let mut failed = 0;
        for task in &journal.tasks {
            let id = task.record.id;
            if task.record.state == TaskState::Done {
                let answers = (0..CALLS).map(|call| results.get(id, call).unwrap() + "\n");
                let answers: String = answers.collect();
                assert_eq!(task.stdout, answers.replace('"', ""), "{:?}", task.record);
                let made = task.calls.iter().map(|call| call.function.as_str());
                let expected = functions(id).map(|function| format!("traced_{function}"));
                assert_eq!(made.collect::<Vec<_>>(), expected, "{:?}", task.record);
            } else {
                // Nobody but the kernel kills a program alone, when memory has run out.
                assert_eq!(task.record.end, Some(TaskEnd::MemoryExceeded));
                failed += 1;
            }
        }
        assert!(failed <= self.killed_programs, "{failed} programs failed");
        self.check_executions();
        let Kills { total, between, .. } = self.kills;
        eprintln!(
            "{total} kills, {between} between a write's intent and its acknowledgement; {} tasks, \
             {failed} failed with their program",
            self.tasks
        );
        assert!(between * 100 >= total * 30, "{between} of {total}");
    }

    fn check_executions(&self) {
        let executions = self.traces.executions();
        let hits = self.kills.hits(&self.traces.all());
        for (call, &times) in &executions {
            let most = match call.0.as_str() {
                "write" | "count" => 1,
                _ => 1 + hits.get(call).copied().unwrap_or(0),
            };
            assert!(
                times <= most,
                "{call:?}: {times} executions, at most {most}"
            );
        }
        for (call, times) in &self.durable {
            assert_eq!(executions.get(call), Some(times), "{call:?} was durable");
        }
        for function in ["pay", "count_once"] {
            for (label, keys) in self.traces.keys(function) {
                assert_eq!(keys.len(), 1, "{label} was written with several keys");
            }
        }
        // A counter stands where it should: with a key however often it was written to, without one
        // because it never was a second time.
        for (counter, function) in [(".counted", "count"), (".counted_once", "count_once")] {
            let counted = self.traces.lines(counter);
            assert!(
                counted.len() <= self.traces.keys(function).len(),
                "{counter}"
            );
        }
        let again: usize = executions.values().map(|times| times - 1).sum();
        eprintln!(
            "{} calls, {again} executions more than that",
            executions.len()
        );
    }
}

fn dice(world: &World, server: Option<&Postgres>) -> Command {
    let mut command = world.dice(&pack("testing"));
    command.env("DICE_FAILPOINTS", world.path("failpoints"));
    if let Some(server) = server {
        command.args(["--journal", &server.url()]);
    }
    command
}

fn batch(world: &World, server: Option<&Postgres>) -> Command {
    let mut command = dice(world, server);
    command.arg("batch").arg(world.path("steps.py"));
    command.arg("--inputs").arg(world.path("inputs"));
    command.args(["--concurrency", "8", "--json"]);
    command
}
