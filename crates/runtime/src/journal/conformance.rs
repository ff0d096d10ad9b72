//! What every journal must do, written once against the trait.

use std::sync::Arc;

use bytes::Bytes;
use dice_model::{
    CallFailure, CallRef, Digest, FailureKind, FunctionId, LeaseId, LeaseUse, PoolName,
    ProgramForm, TaskEnd, TaskId, TaskState, Tenant, Timestamp, Usage, Value,
};

use super::{EndedTask, Entry, Journal, JournalError, Recorded};
use crate::ProgramLimits;
use crate::record::{NewBatch, TaskFilter, TaskKind, TaskSpec, UsageFilter};

/// `open` opens the same journal again and again.
pub(crate) async fn check(open: impl AsyncFn() -> Arc<dyn Journal>) {
    epochs_rise(&open).await;
    who_was_taken_over_from_writes_nothing_more(&open).await;
    entries_are_kept_in_order(&open).await;
    calls_are_counted(&*taken_over(&open).await).await;
    states_follow_from_entries(&*taken_over(&open).await).await;
    appends_of_many_tasks_do_not_mix(taken_over(&open).await).await;
    ended_tasks_are_kept_whole(&*taken_over(&open).await).await;
    batches_are_found_by_digest(&*taken_over(&open).await).await;
    usage_is_found_by_time_and_task(&*taken_over(&open).await).await;
    nodes_of_a_dead_engine_were_held_as_long_as_they_were_used(&*taken_over(&open).await).await;
    the_latest_time_is_known(&*taken_over(&open).await).await;
    only_ended_tasks_are_forgotten(&*taken_over(&open).await).await;
}

async fn taken_over(open: &impl AsyncFn() -> Arc<dyn Journal>) -> Arc<dyn Journal> {
    let journal = open().await;
    journal.take_over().await.expect("taken over");
    journal
}

pub(crate) fn spec() -> TaskSpec {
    TaskSpec {
        kind: TaskKind::Program {
            source: Digest::of(b"source"),
        },
        filename: "p.py".to_owned(),
        form: ProgramForm::Serial,
        inputs: Vec::new(),
        pool: PoolName::default(),
        tenant: Tenant::default(),
        seed: u64::MAX,
        deadline: None,
        bounds: crate::Bounds::default(),
        limits: ProgramLimits::default(),
        reuse: true,
        memo: false,
        batch: None,
        catalog: Digest::of(b"catalog"),
    }
}

pub(crate) fn printed(offset: u64, text: &'static str) -> Entry {
    Entry::Stdout {
        at: Timestamp(1),
        offset,
        bytes: Bytes::from_static(text.as_bytes()),
    }
}

pub(crate) fn ended(end: TaskEnd) -> Entry {
    let at = Timestamp(9);
    Entry::Ended { end, at }
}

async fn accepted(journal: &dyn Journal) -> TaskId {
    let accepted = journal.accept(spec(), Timestamp(5)).await;
    accepted.expect("accepted")
}

/// Under numbers that nobody else gets.
async fn ended_tasks_are_kept_whole(journal: &dyn Journal) {
    let first = journal.set_aside(2).await.expect("set aside");
    let next = journal.set_aside(1).await.expect("set aside");
    let other = accepted(journal).await;
    assert!(first.0 + 2 <= next.0 && next < other);
    let entries = |key: &[u8]| {
        vec![
            Entry::Started { at: Timestamp(6) },
            Entry::Issued {
                call: 0,
                function: FunctionId::new("f"),
                version: Digest::of(b"v"),
                key: Digest::of(key),
                at: Timestamp(6),
                joined: None,
                guess: false,
                write: None,
            },
            ended(TaskEnd::Normal),
        ]
    };
    let task = |id, entries| EndedTask {
        id,
        spec: Arc::new(spec()),
        accepted: Timestamp(5),
        started: Timestamp(6),
        entries,
    };
    let second = TaskId(first.0 + 1);
    let tasks = [task(second, entries(b"2")), task(first, entries(b"1"))];
    journal.record(&tasks).await.expect("recorded");
    let record = journal.task(first).await.expect("readable");
    let record = record.expect("it is there");
    assert_eq!((record.state, record.calls), (TaskState::Done, 1));
    assert_eq!(record.end, Some(TaskEnd::Normal));
    assert_eq!(record.ended, Some(Timestamp(9)));
    let read = journal.entries(first, 1, 9).await.expect("readable");
    let whole: Vec<(u64, Entry)> = (1..).zip(entries(b"1")).collect();
    assert_eq!(read, whole);
    let rest = journal.entries(first, 3, 9).await.expect("readable");
    assert_eq!(rest, whole[2..]);
    let half = task(next, vec![printed(0, "not over")]);
    let refused = journal.record(&[half]).await;
    assert!(matches!(refused, Err(JournalError::Unreadable(_))));
    assert_eq!(journal.task(next).await.expect("readable"), None);
    assert!(journal.forget(first).await.expect("it works"));
}

async fn epochs_rise(open: &impl AsyncFn() -> Arc<dyn Journal>) {
    let first = open().await.take_over().await.expect("taken over");
    let second = open().await.take_over().await.expect("taken over");
    assert!(second > first);
}

/// Of an engine whose clock went ahead: the next one does not go back behind it.
async fn the_latest_time_is_known(journal: &dyn Journal) {
    let before = journal.latest().await.expect("readable");
    let later = Timestamp(before.0 + 7);
    journal.accept(spec(), later).await.expect("accepted");
    assert_eq!(journal.latest().await.expect("readable"), later);
    let (pool, last) = (PoolName::new("late"), Timestamp(later.0 + 3));
    journal.record_usage(Usage::NodeHeld {
        pool: pool.clone(),
        node: "n".into(),
        kind: "local-cpu".into(),
        from: later,
        to: later,
    });
    journal.release_nodes(pool, last).await.expect("written");
    assert_eq!(journal.latest().await.expect("readable"), last);
}

/// RUNTIME P2.
async fn who_was_taken_over_from_writes_nothing_more(open: &impl AsyncFn() -> Arc<dyn Journal>) {
    let early = open().await.accept(spec(), Timestamp(1)).await;
    assert!(matches!(early, Err(JournalError::TakenOver)));
    let old = taken_over(open).await;
    let task = accepted(&*old).await;
    old.append(task, vec![printed(0, "a")])
        .await
        .expect("appended");
    let new = taken_over(open).await;
    let late = old.append(task, vec![printed(1, "b")]).await;
    assert!(matches!(late, Err(JournalError::TakenOver)));
    let late = old.accept(spec(), Timestamp(1)).await;
    assert!(matches!(late, Err(JournalError::TakenOver)));
    new.append(task, vec![printed(1, "c")])
        .await
        .expect("appended");
    let read = old.entries(task, 1, 9).await.expect("readable");
    assert_eq!(read, [(1, printed(0, "a")), (2, printed(1, "c"))]);
}

async fn entries_are_kept_in_order(open: &impl AsyncFn() -> Arc<dyn Journal>) {
    let journal = taken_over(open).await;
    let task = accepted(&*journal).await;
    let failure = CallFailure::new(FailureKind::Raised, "é");
    let written = vec![
        Entry::Issued {
            call: 0,
            function: FunctionId::new("f"),
            version: Digest::of(b"v"),
            key: Digest::of(b"k"),
            at: Timestamp(u64::MAX >> 1),
            joined: None,
            guess: false,
            write: None,
        },
        Entry::Outcome {
            call: 0,
            recorded: Recorded::Own(Ok(Value::Bytes(vec![0, 255]))),
            at: Timestamp(2),
            execution: None,
            reused: None,
        },
        Entry::Outcome {
            call: 1,
            recorded: Recorded::Own(Err(failure)),
            at: Timestamp(2),
            execution: None,
            reused: None,
        },
        printed(0, "a"),
    ];
    let last = journal.append(task, written.clone()).await;
    assert_eq!(last.expect("appended"), 4);
    let last = journal.append(task, vec![printed(1, "b")]).await;
    assert_eq!(last.expect("appended"), 5);
    drop(journal);
    let journal = open().await;
    let read = journal.entries(task, 1, 4).await.expect("readable");
    let (sequences, entries): (Vec<u64>, Vec<Entry>) = read.into_iter().unzip();
    assert_eq!(sequences, [1, 2, 3, 4]);
    assert_eq!(entries, written);
    let rest = journal.entries(task, 5, 99).await.expect("readable");
    assert_eq!(rest, [(5, printed(1, "b"))]);
}

/// A list counts calls without reading what they were given and gave.
async fn calls_are_counted(journal: &dyn Journal) {
    let issued = |call| Entry::Issued {
        call,
        function: FunctionId::new("f"),
        version: Digest::of(b"v"),
        key: Digest::of(&[call as u8]),
        at: Timestamp(1),
        joined: None,
        guess: false,
        write: None,
    };
    let task = accepted(journal).await;
    let count = async || {
        let record = journal.task(task).await.expect("readable");
        record.expect("there").calls
    };
    assert_eq!(count().await, 0);
    let entries = vec![issued(0), printed(0, "a"), issued(1)];
    journal.append(task, entries).await.expect("appended");
    assert_eq!(count().await, 2);
    let end = ended(TaskEnd::Normal);
    journal.append(task, vec![end]).await.expect("appended");
    assert_eq!(count().await, 2);
}

async fn states_follow_from_entries(journal: &dyn Journal) {
    let task = accepted(journal).await;
    let state = async || {
        let record = journal.task(task).await.expect("readable").expect("there");
        (record.state, record.started, record.ended, record.answer)
    };
    assert_eq!(state().await, (TaskState::Accepted, None, None, None));
    let at = Timestamp(7);
    let append = async |entry| journal.append(task, vec![entry]).await.expect("appended");
    append(Entry::Started { at }).await;
    append(Entry::Started { at: Timestamp(8) }).await;
    assert_eq!(state().await, (TaskState::Running, Some(at), None, None));
    let value = Value::Int(3);
    append(Entry::Answered {
        value: value.clone(),
    })
    .await;
    let function = "f".to_owned();
    append(ended(TaskEnd::Uncertain { call: 0, function })).await;
    let (was, _, over, answer) = state().await;
    assert_eq!((was, over), (TaskState::Uncertain, Some(Timestamp(9))));
    assert_eq!(answer, Some(value));
    append(Entry::Resolved {
        call: 0,
        resolution: crate::record::Resolution::NotHappened,
        at,
    })
    .await;
    let (was, _, over, _) = state().await;
    assert_eq!((was, over), (TaskState::Accepted, None));
    append(ended(TaskEnd::Normal)).await;
    let done = TaskFilter {
        states: vec![TaskState::Done],
        limit: 1,
        ..TaskFilter::default()
    };
    let done = journal.tasks(done).await.expect("readable");
    assert_eq!((done[0].id, done[0].spec.clone()), (task, spec()));
    let older = TaskFilter {
        before: Some(task),
        ..TaskFilter::default()
    };
    let older = journal.tasks(older).await.expect("readable");
    assert!(older.iter().all(|record| record.id < task));
}

/// Group commit: whatever is committed together, each task has its own sequence.
async fn appends_of_many_tasks_do_not_mix(journal: Arc<dyn Journal>) {
    let mut appending = Vec::new();
    for _ in 0..8 {
        let task = accepted(&*journal).await;
        let journal = Arc::clone(&journal);
        appending.push(tokio::spawn(async move {
            for sequence in 1..=50 {
                let entry = printed(sequence, "x");
                let last = journal.append(task, vec![entry]).await;
                assert_eq!(last.expect("appended"), sequence);
            }
            let read = journal.entries(task, 1, 99).await.expect("readable");
            for (sequence, entry) in read {
                assert_eq!(entry, printed(sequence, "x"));
            }
        }));
    }
    for task in appending {
        task.await.expect("it holds");
    }
}

async fn batches_are_found_by_digest(journal: &dyn Journal) {
    let batch = || NewBatch {
        label: "all".to_owned(),
        digest: Digest::of(b"all"),
        tasks: Vec::new(),
    };
    let make = async || {
        let made = journal.accept_batch(batch(), vec![spec(), spec()], Timestamp(3));
        made.await.expect("accepted")
    };
    let (made, is_new) = make().await;
    assert!(is_new && made.tasks.len() == 2 && made.ended == 0);
    assert_eq!(make().await, (made.clone(), false));
    for &task in &made.tasks {
        let appended = journal.append(task, vec![ended(TaskEnd::Normal)]).await;
        appended.expect("appended");
    }
    let finished = journal.batch(made.id).await.expect("readable");
    assert!(finished.expect("there").is_finished());
    let (another, is_new) = make().await;
    assert!(is_new && another.id != made.id);
    let of_batch = TaskFilter {
        batch: Some(another.id),
        ..TaskFilter::default()
    };
    let tasks = journal.tasks(of_batch).await.expect("readable");
    assert!(tasks.iter().all(|task| task.spec.batch == Some(another.id)));
    assert_eq!(journal.batches().await.expect("readable").len(), 2);
}

async fn usage_is_found_by_time_and_task(journal: &dyn Journal) {
    let pool = PoolName::new("usage");
    let call = CallRef {
        task: TaskId(77),
        call: 0,
    };
    let leased = |from, to, purpose| Usage::Leased {
        pool: pool.clone(),
        node: "n".into(),
        device: "d".into(),
        lease: LeaseId(1),
        function: FunctionId::new("f"),
        from: Timestamp(from),
        to: Timestamp(to),
        purpose,
    };
    let held = |to| Usage::NodeHeld {
        pool: pool.clone(),
        node: "n".into(),
        kind: "local-cpu".into(),
        from: Timestamp(10),
        to: Timestamp(to),
    };
    let executed = leased(20, 30, LeaseUse::Execute { calls: vec![call] });
    let loaded = leased(10, 20, LeaseUse::Load);
    for usage in [&held(10), &loaded, &executed] {
        journal.record_usage(usage.clone());
    }
    let hold = journal.hold_nodes(pool.clone(), Timestamp(40)).await;
    hold.expect("held");
    let read = async |filter| journal.usage(filter).await.expect("readable");
    let all = UsageFilter {
        pool: Some(pool.clone()),
        ..UsageFilter::default()
    };
    assert_eq!(
        read(all.clone()).await,
        [loaded, executed.clone(), held(40)]
    );
    let early = UsageFilter {
        to: Some(Timestamp(10)),
        ..all.clone()
    };
    assert_eq!(read(early).await, []);
    let of_task = UsageFilter {
        tasks: vec![call.task],
        ..all.clone()
    };
    assert_eq!(read(of_task).await, [executed]);
    let release = journal.release_nodes(pool.clone(), Timestamp(50)).await;
    release.expect("released");
    let hold = journal.hold_nodes(pool.clone(), Timestamp(60)).await;
    hold.expect("nothing is held any more");
    assert_eq!(read(all).await.last(), Some(&held(50)));
}

async fn nodes_of_a_dead_engine_were_held_as_long_as_they_were_used(journal: &dyn Journal) {
    let pool = PoolName::new("died");
    let held = |to| Usage::NodeHeld {
        pool: pool.clone(),
        node: "n".into(),
        kind: "local-cpu".into(),
        from: Timestamp(10),
        to: Timestamp(to),
    };
    let loaded = Usage::Leased {
        pool: pool.clone(),
        node: "n".into(),
        device: "d".into(),
        lease: LeaseId(0),
        function: FunctionId::new("f"),
        from: Timestamp(20),
        to: Timestamp(30),
        purpose: LeaseUse::Load,
    };
    for usage in [&held(10), &loaded] {
        journal.record_usage(usage.clone());
    }
    journal.take_over().await.expect("taken over");
    let of_pool = UsageFilter {
        pool: Some(pool.clone()),
        ..UsageFilter::default()
    };
    let read = journal.usage(of_pool).await.expect("readable");
    assert_eq!(read, [held(30), loaded]);
    let hold = journal.hold_nodes(pool.clone(), Timestamp(60)).await;
    hold.expect("nothing is held any more");
}

async fn only_ended_tasks_are_forgotten(journal: &dyn Journal) {
    let task = accepted(journal).await;
    let forget = async || journal.forget(task).await.expect("works");
    assert!(!forget().await);
    let entries = vec![printed(0, "secret"), ended(TaskEnd::Normal)];
    journal.append(task, entries).await.expect("appended");
    assert!(forget().await);
    assert_eq!(journal.task(task).await.expect("readable"), None);
    assert_eq!(journal.entries(task, 1, 9).await.expect("readable"), []);
}
