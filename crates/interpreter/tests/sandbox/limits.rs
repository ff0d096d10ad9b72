//! What a program uses up, it uses up for itself alone.

use std::time::Duration;

use dice_interpreter::{Event, Interpreter, Limits};
use dice_model::{TaskEnd, Value};
use dice_wire::{ClientFrame, ToClient};

use crate::harness::{Case, interpreter};

fn small() -> Limits {
    Limits {
        memory_bytes: 128 << 20,
        cpu: Duration::from_secs(1),
        threads: 40,
        ..Limits::default()
    }
}

/// A program that is under way while others misbehave, and ends well after them.
async fn with_neighbour(interpreter: &Interpreter, misbehave: impl Future<Output = ()>) {
    let source = "import asyncio, hermod\nasync def main():\n    print(await hermod.call('wait'))\n\
                  asyncio.run(main())";
    let mut neighbour = Case::new(source).start(interpreter).await;
    let called = neighbour.events.recv().await;
    assert!(
        matches!(called, Some(Event::Client(ClientFrame::Call { id: 0, .. }))),
        "{called:?}"
    );
    misbehave.await;
    let outcome = Ok(Value::from("unharmed"));
    neighbour
        .control
        .send(ToClient::Outcome {
            id: 0,
            outcome,
            joinable: false,
        })
        .await
        .expect("it waits");
    let mut events = vec![];
    while let Some(event) = neighbour.events.recv().await {
        events.push(event);
    }
    assert!(
        events.contains(&Event::Stdout("unharmed\n".into())),
        "{events:?}"
    );
    assert_eq!(events.last(), Some(&Event::Ended(TaskEnd::Normal)));
}

async fn check(source: &str, expect: impl Fn(&TaskEnd) -> bool) {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    with_neighbour(&interpreter, async {
        let ran = Case::new(source)
            .limits(small())
            .run(&interpreter, |_, _| None)
            .await;
        assert!(
            ran.end.as_ref().is_some_and(&expect),
            "{:?}\n{}",
            ran.end,
            ran.stderr
        );
    })
    .await;
}

#[tokio::test]
async fn memory() {
    let eats = "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 20))";
    check(eats, |end| *end == TaskEnd::MemoryExceeded).await;
    let at_once = "x = 'x' * (1 << 40)";
    check(at_once, |end| *end == TaskEnd::MemoryExceeded).await;
    let small_pieces = "hoard = []\nwhile True:\n    hoard.append([])";
    check(small_pieces, |end| *end == TaskEnd::MemoryExceeded).await;
}

#[tokio::test]
async fn memory_that_runs_out_can_be_survived() {
    let source = "try:\n    x = bytearray(1 << 40)\nexcept MemoryError:\n    print('too much')";
    check(source, |end| *end == TaskEnd::Normal).await;
}

#[tokio::test]
async fn processor_time() {
    check("while True: pass", |end| *end == TaskEnd::CpuTimeExceeded).await;
    let stubborn = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass";
    check(stubborn, |end| *end == TaskEnd::CpuTimeExceeded).await;
}

#[tokio::test]
async fn threads() {
    let many = "import threading, time\nthreading.stack_size(32768)\nfor _ in range(60):\n    \
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n\
                time.sleep(60)";
    check(many, |end| {
        let detail = "more than 40 threads at a time".to_owned();
        *end == TaskEnd::Crashed { detail }
    })
    .await;
}

#[tokio::test]
async fn a_bomb_of_threads() {
    for stack in ["threading.stack_size(32768)", ""] {
        let bomb = format!(
            "import threading, time\n{stack}\nwhile True:\n    \
             threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
        );
        // Memory for their stacks runs out, or they are counted: whichever comes first.
        check(&bomb, |end| match end {
            TaskEnd::Exception { kind, message, .. } => {
                kind == "RuntimeError" && message == "can't start new thread"
            }
            TaskEnd::Crashed { detail } => detail == "more than 40 threads at a time",
            other => *other == TaskEnd::MemoryExceeded,
        })
        .await;
    }
}

#[tokio::test]
async fn recursion() {
    let deep = "def f(n): return f(n + 1)\nf(0)";
    check(
        deep,
        |end| matches!(end, TaskEnd::Exception { kind, .. } if kind == "RecursionError"),
    )
    .await;
}

#[tokio::test]
async fn open_files() {
    let source = "import os\nwhile True: os.pipe()";
    check(
        source,
        |end| matches!(end, TaskEnd::Exception { kind, .. } if kind == "OSError"),
    )
    .await;
}

#[tokio::test]
async fn output_that_nobody_reads_makes_the_program_wait() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    with_neighbour(&interpreter, async {
        let mut running = Case::new("while True: print('x' * 1000)")
            .start(&interpreter)
            .await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        // The channel, one event on its way, and the pipe: what the host holds is bounded by that.
        let mut waiting = 0;
        while let Ok(event) = running.events.try_recv() {
            let Event::Stdout(bytes) = event else {
                panic!("{event:?}")
            };
            waiting += bytes.len();
        }
        assert!(waiting > 0);
        assert!(waiting <= 16 * (16 << 10), "{waiting}");
        drop(running);
    })
    .await;
}

#[tokio::test]
async fn dropping_a_program_kills_it() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import os, time, hermod\nhermod.call('here', pid=os.getpid())\ntime.sleep(600)";
    let mut running = Case::new(source).start(&interpreter).await;
    let Some(Event::Client(ClientFrame::Call { arguments, .. })) = running.events.recv().await
    else {
        panic!("no call")
    };
    let Some(Value::Int(pid)) = arguments.get("pid") else {
        panic!("no pid")
    };
    let process = std::path::PathBuf::from(format!("/proc/{pid}"));
    assert!(process.exists());
    drop(running);
    wait_until(|| !process.exists()).await;
}

#[tokio::test]
async fn a_fork_server_that_dies_is_replaced() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source =
        "import os, time, hermod\nhermod.call('here', parent=os.getppid())\ntime.sleep(600)";
    let mut running = Case::new(source).start(&interpreter).await;
    let Some(Event::Client(ClientFrame::Call { arguments, .. })) = running.events.recv().await
    else {
        panic!("no call")
    };
    let Some(Value::Int(parent)) = arguments.get("parent") else {
        panic!("no parent")
    };
    let parent = rustix::process::Pid::from_raw(*parent as i32).expect("a process");
    rustix::process::kill_process(parent, rustix::process::Signal::KILL).expect("ours");
    while let Some(event) = running.events.recv().await {
        let is_end = matches!(event, Event::Ended(_));
        assert!(!is_end, "it is not the program that has ended: {event:?}");
    }
    let ran = Case::new("print('again')")
        .run(&interpreter, |_, _| None)
        .await;
    assert_eq!(ran.stdout, "again\n");
}

#[tokio::test]
async fn many_programs_at_once() {
    let Some(interpreter) = interpreter().await else {
        return;
    };
    let source = "import asyncio, hermod\nasync def main():\n    print(await hermod.call('f'))\n\
                  asyncio.run(main())";
    let runs =
        (0..100).map(|_| Case::new(source).run(&interpreter, |_, _| Some(Ok(Value::Int(1)))));
    for ran in futures::future::join_all(runs).await {
        assert_eq!((&*ran.stdout, ran.end), ("1\n", Some(TaskEnd::Normal)));
    }
}

async fn wait_until(condition: impl Fn() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("did not happen in 5 s");
}
