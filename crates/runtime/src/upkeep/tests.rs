//! A folder is made, damaged, and looked at.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use dice_model::{Digest, FunctionId, PoolName, ProgramForm, TaskEnd, Tenant, Timestamp, Value};

use super::{Health, Swept, UpkeepError, back_up, check, restore};
use crate::blobs::Blobs;
use crate::data_folder::DataFolder;
use crate::journal::{self, Entry, Recorded};
use crate::record::{TaskKind, TaskSpec};
use crate::{Options, ProgramLimits};

const SOURCE: &[u8] = b"print(1)";
const CATALOG: &[u8] = b"a catalog";

/// One ended task with a call, and a blob that nobody needs.
async fn made() -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a temporary folder");
    let options = Options::new(data.path());
    let folder = DataFolder::open(data.path()).expect("free");
    let journal = journal::open(&options, &folder).await.expect("it opens");
    let blobs = Blobs::open(folder.blobs(), &options.blobs, options.durability)
        .await
        .expect("it opens");
    for blob in [SOURCE, CATALOG, b"unused"] {
        blobs.put(blob).await.expect("stored");
    }
    journal.take_over().await.expect("taken over");
    let task = journal
        .accept(spec(), Timestamp(1))
        .await
        .expect("accepted");
    let at = Timestamp(2);
    let entries = vec![
        Entry::Started { at },
        Entry::Issued {
            call: 0,
            function: FunctionId::new("f"),
            version: Digest::of(b"v"),
            key: Digest::of(b"k"),
            at,
            joined: None,
            guess: false,
            write: None,
        },
        Entry::Outcome {
            call: 0,
            recorded: Recorded::Own(Ok(Value::Int(1))),
            at,
            execution: None,
            reused: None,
        },
        Entry::Stdout {
            at,
            offset: 0,
            bytes: Bytes::from_static(b"1\n"),
        },
        Entry::Ended {
            end: TaskEnd::Normal,
            at,
        },
    ];
    journal.append(task, entries).await.expect("appended");
    data
}

fn spec() -> TaskSpec {
    TaskSpec {
        kind: TaskKind::Program {
            source: Digest::of(SOURCE),
        },
        tenant: Tenant::default(),
        filename: "p.py".to_owned(),
        form: ProgramForm::Serial,
        inputs: Vec::new(),
        pool: PoolName::default(),
        seed: 1,
        deadline: None,
        bounds: crate::Bounds::default(),
        limits: ProgramLimits::default(),
        reuse: true,
        memo: false,
        batch: None,
        catalog: Digest::of(CATALOG),
    }
}

async fn health(data: &Path) -> Health {
    let options = Options::new(data);
    check(&options, None).await.expect("it can be looked at")
}

fn blob(data: &Path, bytes: &[u8]) -> PathBuf {
    let hex = Digest::of(bytes).hex();
    data.join("blobs").join(&hex[..2]).join(&hex[2..])
}

fn sql(data: &Path, sql: &str) {
    let journal = rusqlite::Connection::open(data.join("journal.sqlite"));
    journal.expect("it opens").execute_batch(sql).expect(sql);
}

/// What `dice fsck` says after `damage`, all problems in a line.
async fn found(damage: impl FnOnce(&Path)) -> String {
    let data = made().await;
    damage(data.path());
    let problems = health(data.path()).await.problems;
    let told = problems
        .iter()
        .map(|it| format!("{}: {}", it.place, it.what));
    told.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn a_sound_folder_is_well() {
    let data = made().await;
    let health = health(data.path()).await;
    assert_eq!(health.problems, []);
    assert_eq!((health.tasks, health.entries, health.blobs), (1, 5, 3));
    assert_eq!(health.unused_blobs(), 1);
}

/// RUNTIME J1, J3, J5.
#[tokio::test]
async fn damaged_entries_are_named() {
    let delete = "DELETE FROM entries WHERE sequence = 3";
    let gap = found(|data| sql(data, delete)).await;
    assert_eq!(gap, "task 1: entries 3 to 3 are missing");

    let unissued = "DELETE FROM entries WHERE sequence = 2; \
                    UPDATE entries SET sequence = sequence - 1 WHERE sequence > 2";
    let unissued = found(|data| sql(data, unissued)).await;
    assert!(
        unissued.contains("call 0, which was never made"),
        "{unissued}"
    );

    let twice = "INSERT INTO entries SELECT task, 6, key, body FROM entries WHERE sequence = 3; \
                 UPDATE entries SET sequence = 7 WHERE sequence = 5; \
                 UPDATE entries SET sequence = 5 WHERE sequence = 6; \
                 UPDATE entries SET sequence = 6 WHERE sequence = 7";
    let twice = found(|data| sql(data, twice)).await;
    assert_eq!(twice, "task 1: entry 5 is a second outcome of call 0");

    let open = "DELETE FROM entries WHERE sequence = 5";
    let open = found(|data| sql(data, open)).await;
    assert_eq!(
        open,
        "task 1: its row says that it has ended, its entries that they have not"
    );

    let garbage = "UPDATE entries SET body = x'c1' WHERE sequence = 4";
    let garbage = found(|data| sql(data, garbage)).await;
    assert!(
        garbage.starts_with("task 1: an entry of the journal cannot be read"),
        "{garbage}"
    );
}

#[tokio::test]
async fn damaged_blobs_are_named() {
    let missing = found(|data| std::fs::remove_file(blob(data, SOURCE)).expect("there")).await;
    let digest = Digest::of(SOURCE);
    assert_eq!(
        missing,
        format!("blob {digest}: a task needs it, and it is not there")
    );
    let other = found(|data| std::fs::write(blob(data, SOURCE), "other").expect("there")).await;
    assert_eq!(
        other,
        format!("blob {digest}: its bytes are not what its name says")
    );
}

#[tokio::test]
async fn a_torn_page_is_found() {
    let torn = found(|data| {
        sql(data, "PRAGMA wal_checkpoint(TRUNCATE)");
        let path = data.join("journal.sqlite");
        let mut bytes = std::fs::read(&path).expect("there");
        let pages = bytes.len() / 4096;
        for page in 1..pages {
            bytes[page * 4096..page * 4096 + 2048].fill(0xff);
        }
        std::fs::write(&path, bytes).expect("written");
    })
    .await;
    assert!(torn.contains("journal: "), "{torn}");
}

#[tokio::test]
async fn what_nobody_needs_is_swept_after_its_grace() {
    let data = made().await;
    let options = Options::new(data.path());
    let sweep = async |grace| {
        let health = check(&options, Some(grace)).await;
        health.expect("it can be looked at").swept
    };
    let none = Swept::default();
    assert_eq!(sweep(Duration::from_secs(3600)).await, Some(none));
    let one = Swept { blobs: 1, bytes: 6 };
    assert_eq!(sweep(Duration::ZERO).await, Some(one));
    assert!(!blob(data.path(), b"unused").exists());
    assert!(blob(data.path(), SOURCE).exists());
}

/// What looks unused may be what a lost entry named.
#[tokio::test]
async fn where_something_is_wrong_nothing_is_swept() {
    let data = made().await;
    std::fs::remove_file(blob(data.path(), SOURCE)).expect("there");
    let options = Options::new(data.path());
    let health = check(&options, Some(Duration::ZERO)).await;
    assert_eq!(health.expect("it can be looked at").swept, None);
    assert!(blob(data.path(), b"unused").exists());
}

#[tokio::test]
async fn a_backup_holds_everything_and_comes_back_whole() {
    let data = made().await;
    let other = tempfile::tempdir().expect("a temporary folder");
    let file = other.path().join("backup.tar");
    back_up(data.path(), &file).expect("backed up");
    let restored = other.path().join("restored");
    restore(&restored, &file).expect("restored");
    let (before, after) = (health(data.path()).await, health(&restored).await);
    assert_eq!(after.problems, []);
    assert_eq!(
        (after.tasks, after.entries, after.blobs),
        (before.tasks, before.entries, before.blobs)
    );
    let again = restore(&restored, &file);
    assert!(matches!(again, Err(UpkeepError::NotEmpty(_))));
}

#[tokio::test]
async fn half_a_backup_becomes_no_journal() {
    let data = made().await;
    let other = tempfile::tempdir().expect("a temporary folder");
    let file = other.path().join("backup.tar");
    back_up(data.path(), &file).expect("backed up");
    let bytes = std::fs::read(&file).expect("there");
    std::fs::write(&file, &bytes[..bytes.len() / 2]).expect("written");
    let restored = other.path().join("restored");
    let refused = restore(&restored, &file);
    assert!(matches!(refused, Err(UpkeepError::NotABackup { .. })));
    assert!(!restored.join("journal.sqlite").exists());
}
