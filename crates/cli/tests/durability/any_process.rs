//! Any process may die at any time: each task still reaches the end that is right for it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Output};
use std::time::Instant;

use dice_model::{TaskEnd, TaskId, TaskState};
use rustix::process::Signal;

use crate::support::{
    Call, Journal, PATIENCE, Random, Task, Watched, World, finished, is_durable, pack, pause,
    signal, succeeded, told, world,
};

/// As `programs/steps.py` makes them, in the order of their numbers.
const CALLS: [&str; 8] = [
    "pure", "pure", "pure", "read", "pay", "write", "read", "pure",
];
const WRITE: usize = 5;
const TASKS_PER_KILL: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Worker,
    /// The worker of the write that may not be made again.
    Writer,
    ForkServer,
    Program,
    Dice,
}

const VICTIMS: [Victim; 7] = [
    Victim::Worker,
    Victim::ForkServer,
    Victim::Dice,
    Victim::Writer,
    Victim::Program,
    Victim::Dice,
    Victim::Worker,
];

/// RUNTIME J1, J6, J8, S2.
#[test]
fn whatever_is_killed_each_task_ends_right_and_no_finished_call_is_made_again() {
    let Some(world) = world() else { return };
    let kills =
        std::env::var("DICE_TEST_KILLS").map_or(VICTIMS.len(), |text| text.parse().unwrap());
    let mut story = Story::new(world, kills);
    for number in 0..kills {
        // A task in doubt makes no further calls for now: the last kill leaves room for those.
        let parts = kills + kills / 8 + 2;
        story.go_on_until_executed((number + 1) * story.expected() / parts);
        story.kill(VICTIMS[number % VICTIMS.len()]);
    }
    let output = finished(story.dice.take().unwrap());
    story.settle_doubts(&output);
    story.check();
}

struct Story {
    world: World,
    random: Random,
    tasks: usize,
    dice: Option<Child>,
    watched: Watched,
    /// That may have cost an execution.
    hits: usize,
    killed_programs: usize,
    /// Executions of each call that was durable when an engine was killed.
    durable: BTreeMap<Call, usize>,
}

impl Story {
    fn new(world: World, kills: usize) -> Self {
        let tasks = TASKS_PER_KILL * kills.max(VICTIMS.len());
        world.program("steps.py", include_str!("programs/steps.py"));
        world.numbered_inputs(tasks);
        let dice = batch(&world).spawn().unwrap();
        Self {
            watched: Watched::new(&dice),
            dice: Some(dice),
            world,
            random: Random::new(),
            tasks,
            hits: 0,
            killed_programs: 0,
            durable: BTreeMap::new(),
        }
    }

    const fn expected(&self) -> usize {
        self.tasks * CALLS.len()
    }

    /// About so many executions; which moment of a call that is, chance decides.
    fn go_on_until_executed(&mut self, executions: usize) {
        let until = Instant::now() + PATIENCE;
        let executions = executions + self.random.below(CALLS.len());
        while self.world.traces().len() < executions {
            let ended = self.dice.as_mut().unwrap().try_wait().unwrap();
            assert_eq!(ended, None, "it ended before its time");
            assert!(Instant::now() < until, "it does not go on");
            pause();
        }
        (0..self.random.below(10)).for_each(|_| pause());
    }

    fn kill(&mut self, victim: Victim) {
        self.watched.look();
        match victim {
            Victim::Worker => self.kill_worker(|_| true),
            Victim::Writer => self.kill_worker(|command| command.contains("traced_write")),
            Victim::ForkServer => {
                let server = self.watched.fork_server();
                signal(&server.expect("programs run"), Signal::KILL);
            }
            Victim::Program => {
                let programs = self.watched.programs();
                if let Some(program) = programs.get(self.random.below(programs.len().max(1))) {
                    signal(program, Signal::KILL);
                    self.killed_programs += 1;
                }
            }
            Victim::Dice => self.kill_dice(),
        }
    }

    fn kill_worker(&mut self, chosen: impl Fn(&str) -> bool) {
        let mut workers = self.watched.workers();
        workers.retain(|worker| chosen(&worker.command));
        if !workers.is_empty() {
            let worker = &workers[self.random.below(workers.len())];
            signal(worker, Signal::KILL);
            self.hits += 1;
        }
    }

    fn kill_dice(&mut self) {
        let mut dice = self.dice.take().unwrap();
        dice.kill().unwrap();
        dice.wait().unwrap();
        self.hits += 1;
        let journal = Journal::of(&self.world.data());
        let executions = self.world.traces().executions();
        for task in &journal.tasks {
            for call in task.calls.iter().filter(|call| is_durable(call)) {
                let function = call.function.as_str().trim_start_matches("traced_");
                let label = format!("{}.{}", number(task.record.id), call.call);
                let label = (function.to_owned(), label);
                let times = executions.get(&label).copied().unwrap_or(0);
                assert!(times > 0, "{label:?} has an outcome and was never executed");
                self.durable.entry(label).or_insert(times);
            }
        }
        let dice = batch(&self.world).spawn().unwrap();
        self.watched = Watched::new(&dice);
        self.dice = Some(dice);
    }

    /// Somebody looks what became of each write in doubt, says so, and the batch goes on.
    fn settle_doubts(&mut self, output: &Output) {
        let journal = Journal::of(&self.world.data());
        assert_eq!(journal.ended(), self.tasks, "{}", told(output));
        let uncertain = |task: &&Task| task.record.state == TaskState::Uncertain;
        let uncertain: Vec<TaskId> = journal
            .tasks
            .iter()
            .filter(uncertain)
            .map(|task| task.record.id)
            .collect();
        let executions = self.world.traces().executions();
        for &task in &uncertain {
            let label = format!("{}.{WRITE}", number(task));
            let mut resolve = dice(&self.world);
            resolve.args(["tasks", "resolve", &task.to_string()]);
            if executions.contains_key(&("write".to_owned(), label.clone())) {
                resolve.args(["--happened", &format!("{label:?}")]);
            } else {
                resolve.arg("--not-happened");
            }
            succeeded(&mut resolve);
        }
        eprintln!("{} tasks were in doubt", uncertain.len());
        // The engine that was told may have finished the last of them already.
        if Journal::of(&self.world.data()).ended() < self.tasks {
            finished(batch(&self.world).spawn().unwrap());
        }
    }

    fn check(&self) {
        let journal = Journal::of(&self.world.data());
        let mut failed = 0;
        for task in &journal.tasks {
            let whole: String = (0..CALLS.len())
                .map(|call| format!("{}.{call}\n", number(task.record.id)))
                .collect();
            if task.record.state == TaskState::Done {
                assert_eq!(task.stdout, whole);
                let made = task.calls.iter().map(|call| call.function.as_str());
                let expected = CALLS.map(|function| format!("traced_{function}"));
                assert_eq!(made.collect::<Vec<_>>(), expected, "{:?}", task.record);
            } else {
                // Nobody but the kernel kills a program alone, when memory has run out.
                assert_eq!(task.record.end, Some(TaskEnd::MemoryExceeded));
                assert!(whole.starts_with(&task.stdout), "{}", task.stdout);
                failed += 1;
            }
        }
        assert!(failed <= self.killed_programs, "{failed} programs failed");
        self.check_executions();
    }

    fn check_executions(&self) {
        let executions = self.world.traces().executions();
        for (call, &times) in &executions {
            let most = if call.0 == "write" { 1 } else { 1 + self.hits };
            assert!(
                times <= most,
                "{call:?}: {times} executions, {} kills",
                self.hits
            );
        }
        for (call, times) in &self.durable {
            assert_eq!(executions.get(call), Some(times), "{call:?} was durable");
        }
        for (label, keys) in self.world.traces().keys("pay") {
            assert_eq!(keys.len(), 1, "{label} was paid with several keys");
        }
    }
}

/// Inputs are numbered from 0, tasks from 1.
const fn number(task: TaskId) -> u64 {
    task.0 - 1
}

fn dice(world: &World) -> Command {
    world.dice(&pack("testing"))
}

fn batch(world: &World) -> Command {
    let mut command = dice(world);
    command.arg("batch").arg(program(world));
    command.arg("--inputs").arg(world.path("inputs"));
    command.args(["--concurrency", "8", "--json"]);
    command
}

fn program(world: &World) -> PathBuf {
    world.path("steps.py")
}
