//! Whoever dials in: programs outside, blob streams, workers that outlived their engine, strangers.

use std::collections::HashMap;
use std::time::Duration;

use dice_model::{
    CallRef, Digest, FunctionId, LeaseId, Outcome, TaskEnd, TaskId, TaskState, Value,
};
use dice_runtime::{Entry, Handle, TaskKind};
use dice_wire::{
    BlobFrame, CallResult, ClientFrame, FrameCodec, Framed, Hello, HelloBody, PROTOCOL, Role,
    ToBlobs, ToClient, ToWorker, Welcome, WorkerFrame, WorkerHello,
};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::DuplexStream;

use crate::support::{
    Behaviour, Engine, Functions, Program, Scripts, assert_done, folder_as_killed, options,
};

async fn engine() -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let engine = Engine::start(folder.path(), Scripts::default()).await;
    (folder, engine)
}

async fn dial(
    handle: &Handle,
    hello: HelloBody,
) -> (Framed<DuplexStream, Welcome, Hello>, Welcome) {
    let (ours, theirs) = tokio::io::duplex(1 << 12);
    let handle = handle.clone();
    tokio::spawn(async move { handle.attach(theirs).await });
    let mut io = dice_wire::framed(ours);
    io.send(Hello::Hello(hello)).await.expect("it listens");
    let welcome = io.next().await.expect("it answers").expect("a frame");
    (io, welcome)
}

fn hello(role: Role) -> HelloBody {
    HelloBody {
        protocol: PROTOCOL,
        sdk: String::new(),
        pillow: String::new(),
        role,
    }
}

fn client() -> Role {
    let program = "fig2.py".to_owned();
    Role::Client { program }
}

/// RUNTIME V3.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_outside_is_an_external_task() {
    let (_folder, engine) = engine().await;
    for leaves_properly in [true, false] {
        let (io, welcome) = dial(&engine.handle, hello(client())).await;
        let Welcome::Welcome {
            task: Some(task), ..
        } = welcome
        else {
            panic!("{welcome:?}");
        };
        let mut io = io.map_codec(|_| FrameCodec::<ToClient, ClientFrame>::default());
        let arguments = Value::map([("n", Value::Int(4))]);
        let function = FunctionId::new("pure");
        let call = ClientFrame::Call {
            id: 0,
            function,
            arguments,
            guess: None,
        };
        io.send(call).await.expect("it listens");
        let outcome = loop {
            match io.next().await.expect("it answers").expect("a frame") {
                ToClient::Outcome { id: 0, outcome, .. } => break outcome,
                ToClient::Ping {} => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(outcome, Ok(Value::Int(4)));
        if leaves_properly {
            io.send(ClientFrame::Bye {}).await.expect("it listens");
        }
        drop(io);
        let record = engine.end(task).await;
        assert_eq!(record.spec.kind, TaskKind::External);
        let expected = if leaves_properly {
            TaskState::Done
        } else {
            TaskState::Failed
        };
        assert_eq!(record.state, expected, "{record:?}");
    }
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_that_do_not_belong_here_are_told_why() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = dice_runtime::Options {
        pillow: Some("12.0".to_owned()),
        ..options(folder.path())
    };
    let engine = Engine::start_with(options, Scripts::default(), Functions::default()).await;
    let newer = HelloBody {
        protocol: PROTOCOL + 1,
        ..hello(client())
    };
    let other_pillow = HelloBody {
        pillow: "11.3".to_owned(),
        ..hello(client())
    };
    let stranger = hello(Role::Worker(worker("no.1.1.default", Vec::new())));
    for (hello, says) in [
        (newer, "protocol"),
        (other_pillow, "Pillow 11.3"),
        (stranger, "not started from here"),
    ] {
        let (_, welcome) = dial(&engine.handle, hello).await;
        let Welcome::Refused { reason } = welcome else {
            panic!("{welcome:?}");
        };
        assert!(reason.contains(says), "{reason}");
    }
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blobs_travel_in_pieces_and_only_under_their_own_digest() {
    let (_folder, engine) = engine().await;
    let (io, _) = dial(&engine.handle, hello(Role::Blobs {})).await;
    let mut io = io.map_codec(|_| FrameCodec::<ToBlobs, BlobFrame>::default());
    let bytes = vec![9; (1 << 20) + 5];
    let digest = Digest::of(&bytes);
    let mut ask = async |frames: Vec<BlobFrame>, answers: usize| {
        let mut got = Vec::new();
        for frame in frames {
            io.send(frame).await.expect("it listens");
        }
        while got.len() < answers {
            got.push(io.next().await.expect("it answers").expect("a frame"));
        }
        got
    };
    let put = |digest, bytes: &[u8]| {
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        let piece = |piece: &[u8], last| BlobFrame::Put {
            digest,
            piece: piece.to_vec(),
            last,
        };
        vec![piece(first, false), piece(rest, true)]
    };
    assert_eq!(
        ask(vec![BlobFrame::Has { digest }], 1).await,
        [ToBlobs::Missing { digest }]
    );
    let refused = ask(put(digest, b"other bytes"), 1).await;
    assert!(
        matches!(refused[..], [ToBlobs::Refused { .. }]),
        "{refused:?}"
    );
    assert_eq!(
        ask(put(digest, &bytes), 1).await,
        [ToBlobs::Stored { digest }]
    );
    assert_eq!(
        ask(vec![BlobFrame::Has { digest }], 1).await,
        [ToBlobs::Stored { digest }]
    );
    let mut back = Vec::new();
    for piece in ask(vec![BlobFrame::Get { digest }], 2).await {
        let ToBlobs::Piece { piece, .. } = piece else {
            panic!("{piece:?}");
        };
        back.extend(piece);
    }
    assert!(back == bytes);
    engine.stop().await;
}

fn worker(token: &str, unacknowledged: Vec<CallRef>) -> WorkerHello {
    WorkerHello {
        function: FunctionId::new("write"),
        version: Digest::of(b"the file"),
        description: Digest::of(b"write"),
        token: token.to_owned(),
        pid: 1,
        running: Vec::new(),
        unacknowledged,
    }
}

/// RUNTIME J1: killing the engine re-executes nothing whose worker lives on and brings its result.
/// Outcome `engine-died`.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_outlived_its_engine_brings_its_results() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scripts = Scripts::default().with("p", |program: Program| async move {
        match program.print_call("write", 1).await {
            Ok(()) => TaskEnd::Normal,
            Err(end) => end,
        }
    });
    let functions = Functions::default();
    functions.set("write", |_, _| Behaviour::Hang);
    let first =
        Engine::start_with(options(folder.path()), scripts.clone(), functions.clone()).await;
    let task = first.submit("p").await;
    while functions.executions("write", 1) == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let token = first.launches.tokens().pop().expect("a worker was started");
    let snapshot = folder_as_killed(folder.path());
    drop(first);
    let second = Engine::start(snapshot.path(), scripts).await;
    re_offer(&second.handle, &token, task, Ok(Value::Int(1))).await;
    let record = second.end(task).await;
    assert_done(&record);
    assert_eq!(second.stdout(task).await, "1\n");
    assert_eq!(second.functions.all_executions(), 0, "it had been executed");
    let outcomes = second.entries(task).await;
    let outcomes = outcomes
        .iter()
        .filter(|entry| matches!(entry, Entry::Outcome { .. }));
    assert_eq!(outcomes.count(), 1);
    second.stop().await;
}

/// RUNTIME J1: also if it takes longer than anybody who has nothing is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_still_executes_is_waited_for() {
    let (_folder, task, token, lease, second, functions) = killed_in_a_read().await;
    let hello_again = WorkerHello {
        running: vec![lease],
        ..worker(&token, Vec::new())
    };
    let (io, _) = dial(&second.handle, hello(Role::Worker(hello_again))).await;
    let offered = second
        .handle
        .offer(crate::support::catalog(), HashMap::new());
    offered.await.expect("functions can be offered");
    let mut io = io.map_codec(|_| FrameCodec::<ToWorker, WorkerFrame>::default());
    for _heartbeat in 0..8 {
        io.send(WorkerFrame::Ping {}).await.expect("it listens");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let call = CallRef { task, call: 0 };
    let outcome = Ok(Value::Int(1));
    let results = vec![CallResult { call, outcome }];
    let frame = WorkerFrame::Result {
        lease,
        results,
        execute_ns: 1,
        last: true,
    };
    io.send(frame).await.expect("it listens");
    assert_done(&second.end(task).await);
    assert_eq!(second.stdout(task).await, "1\n");
    assert_eq!(functions.all_executions(), 0, "it was being executed");
    second.stop().await;
}

/// The next life has not offered its functions yet.
async fn killed_in_a_read() -> (
    tempfile::TempDir,
    TaskId,
    String,
    LeaseId,
    Engine,
    Functions,
) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scripts = Scripts::default().with("p", |program: Program| async move {
        match program.print_call("read", 1).await {
            Ok(()) => TaskEnd::Normal,
            Err(end) => end,
        }
    });
    let functions = Functions::default();
    functions.set("read", |_, _| Behaviour::Hang);
    let first = Engine::start_with(options(folder.path()), scripts.clone(), functions).await;
    let task = first.submit("p").await;
    let events = first.handle.watch(task, 1);
    let granted = events.filter_map(|event| async move {
        match event.expect("readable").entry {
            Entry::Granted { lease, .. } => Some(lease),
            _ => None,
        }
    });
    let lease = std::pin::pin!(granted).next().await.expect("it is granted");
    let token = first.launches.tokens().pop().expect("a worker was started");
    let snapshot = folder_as_killed(folder.path());
    drop(first);
    let functions = Functions::default();
    let options = options(snapshot.path());
    let second = Engine::without_functions(options, scripts, functions.clone()).await;
    (snapshot, task, token, lease, second, functions)
}

/// Until the result is acknowledged as durable and the worker is told to go.
async fn re_offer(handle: &Handle, token: &str, task: TaskId, outcome: Outcome) {
    let call = CallRef { task, call: 0 };
    let role = Role::Worker(worker(token, vec![call]));
    let (io, welcome) = dial(handle, hello(role)).await;
    assert!(matches!(welcome, Welcome::Welcome { .. }), "{welcome:?}");
    let mut io = io.map_codec(|_| FrameCodec::<ToWorker, WorkerFrame>::default());
    let results = vec![CallResult { call, outcome }];
    let lease = LeaseId(1);
    let frame = WorkerFrame::Result {
        lease,
        results,
        execute_ns: 1,
        last: true,
    };
    io.send(frame).await.expect("it listens");
    let (mut acknowledged, mut stopped) = (false, false);
    while !(acknowledged && stopped) {
        match io.next().await.expect("it answers").expect("a frame") {
            ToWorker::Ack { calls } => acknowledged = calls.contains(&call),
            ToWorker::Stop { .. } => stopped = true,
            ToWorker::Ping {} => {}
            other => panic!("{other:?}"),
        }
    }
}
