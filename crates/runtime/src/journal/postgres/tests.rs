//! Against a real server, which may be killed.

use std::sync::Arc;

use dice_model::{TaskEnd, Timestamp};

use super::*;
use crate::journal::conformance;

#[path = "../../../../../tests/postgres.rs"]
mod server;

use server::Postgres;

async fn opened(server: &Postgres, durability: Durability) -> Arc<dyn Journal> {
    let opened = PostgresJournal::open(&server.url(), durability).await;
    Arc::new(opened.expect("it opens"))
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_is_a_journal_at_both_levels() {
    for durability in [Durability::Process, Durability::Power] {
        let Some(server) = Postgres::start() else {
            return;
        };
        conformance::check(async || opened(&server, durability).await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_a_newer_version_is_left_alone() {
    let Some(server) = Postgres::start() else {
        return;
    };
    drop(opened(&server, Durability::Process).await);
    let mut connection = PgConnection::connect(&server.url())
        .await
        .expect("it is there");
    sqlx::query("UPDATE dice.version SET version = 99")
        .execute(&mut connection)
        .await
        .expect("it can be set");
    let refused = PostgresJournal::open(&server.url(), Durability::Process).await;
    let refused = refused.expect_err("it is newer").to_string();
    assert!(
        refused.contains("newer version of dice (schema 99; this one knows up to 2)"),
        "{refused}"
    );
}

/// RUNTIME J1, J2: who writes and reads while the database is killed waits, and nothing is written twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_database_loses_nothing_and_doubles_nothing() {
    const APPENDS: u64 = 600;
    let Some(mut server) = Postgres::start() else {
        return;
    };
    let journal = opened(&server, Durability::Process).await;
    journal.take_over().await.expect("taken over");
    let mut writers = Vec::new();
    for _ in 0..4 {
        let task = journal.accept(conformance::spec(), Timestamp(1)).await;
        let task = task.expect("accepted");
        let journal = Arc::clone(&journal);
        writers.push(tokio::spawn(async move {
            for sequence in 1..=APPENDS {
                let last = journal.append(task, vec![conformance::printed(sequence, "x")]);
                assert_eq!(last.await.expect("appended"), sequence);
            }
            let end = conformance::ended(TaskEnd::Normal);
            journal.append(task, vec![end]).await.expect("appended");
            let read = journal.entries(task, 1, usize::MAX).await;
            read.expect("readable").len() as u64
        }));
    }
    for _ in 0..4 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        server = tokio::task::spawn_blocking(move || {
            server.restart();
            server
        })
        .await
        .expect("it comes back");
    }
    for writer in writers {
        assert_eq!(writer.await.expect("it holds"), APPENDS + 1);
    }
}
