//! The one thread that writes. What waits when it gets to work is committed together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;

use super::reserve::Reserve;
use crate::journal::columns::unsigned;
use crate::journal::replies::{LINGER, MAX_GROUP, Reply, Room};
use crate::journal::{Answer, JournalError};

#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<Sender<Box<dyn Job>>>,
    room: Room,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// `epoch`: what it must still be to write (P2).
    pub(super) fn start(connection: Connection, epoch: Arc<AtomicU64>, reserve: Reserve) -> Self {
        let (jobs, waiting) = channel();
        let session = Session {
            connection,
            epoch,
            kept: Vec::new(),
            no_room: None,
            reserve,
        };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || work(session, &waiting))
            .expect("a process that starts can start a thread");
        Self {
            jobs: Some(jobs),
            room: Room::new(),
            thread: Mutex::new(Some(thread)),
        }
    }

    /// Ready once `work` is committed. The place in the order of writes is taken at the first poll,
    /// or later if the queue is full.
    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Answer<'_, T> {
        Box::pin(async move {
            let (reply, awaited) = self.room.enter().await;
            self.enqueue(Box::new(Write {
                work,
                written: None,
                reply,
            }));
            awaited.answer().await
        })
    }

    /// Takes its place at once, full or not: for what is bounded elsewhere (leases). Committed with
    /// the next [`Writer::write`], or after [`LINGER`].
    pub(super) fn write_later(
        &self,
        work: impl Fn(&Connection) -> Result<(), JournalError> + Send + 'static,
    ) {
        self.enqueue(Box::new(Write {
            work,
            written: None,
            reply: Reply::to_nobody(),
        }));
    }

    fn enqueue(&self, job: Box<dyn Job>) {
        // A thread that is gone drops the job, and so answers `Closed`.
        let _ = self.jobs.as_ref().map(|jobs| jobs.send(job));
    }
}

impl Drop for Writer {
    /// What was asked before is still written.
    fn drop(&mut self) {
        self.jobs = None;
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

trait Job: Send {
    /// Does somebody wait for it?
    fn is_awaited(&self) -> bool;
    /// May be called again if a transaction failed on the way.
    fn run(&mut self, connection: &Connection) -> Result<(), JournalError>;
    fn answer(self: Box<Self>, committed: Result<(), JournalError>);
}

struct Write<F, T> {
    work: F,
    written: Option<T>,
    reply: Reply<T>,
}

impl<T: Send, F: Fn(&Connection) -> Result<T, JournalError> + Send> Job for Write<F, T> {
    fn is_awaited(&self) -> bool {
        self.reply.is_awaited()
    }

    fn run(&mut self, connection: &Connection) -> Result<(), JournalError> {
        self.written = Some((self.work)(connection)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), JournalError>) {
        self.reply.answer(committed, self.written);
    }
}

struct Session {
    connection: Connection,
    epoch: Arc<AtomicU64>,
    /// Records that nobody waits for and that there was no room for. They keep their place: whatever comes
    /// after them is durable no sooner.
    kept: Vec<Box<dyn Job>>,
    /// Why some were kept. From then on what somebody waits for is refused: it would take the room that
    /// the reserve has left for them.
    no_room: Option<JournalError>,
    reserve: Reserve,
}

fn work(mut session: Session, waiting: &Receiver<Box<dyn Job>>) {
    while let Some(group) = gather(waiting) {
        session.write(group);
    }
    let kept = std::mem::take(&mut session.kept);
    if !kept.is_empty() {
        session.write(kept);
        for lost in session.kept {
            lost.answer(Err(JournalError::Closed));
        }
    }
}

/// What is to be committed next: what waits, once somebody waits for some of it, or it has lingered.
fn gather(waiting: &Receiver<Box<dyn Job>>) -> Option<Vec<Box<dyn Job>>> {
    let mut group = vec![waiting.recv().ok()?];
    let until = Instant::now() + LINGER;
    loop {
        group.extend(waiting.try_iter().take(MAX_GROUP - group.len()));
        if group.len() == MAX_GROUP || group.iter().any(|job| job.is_awaited()) {
            return Some(group);
        }
        match waiting.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(job) => group.push(job),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Some(group),
        }
    }
}

impl Session {
    fn write(&mut self, group: Vec<Box<dyn Job>>) {
        let mut jobs = std::mem::take(&mut self.kept);
        jobs.extend(self.admitted(group));
        match self.commit(&mut jobs) {
            // One of them is at fault, or all: tried alone, each has its own answer.
            Err(_) if jobs.len() > 1 => {
                for job in jobs {
                    let mut next = std::mem::take(&mut self.kept);
                    next.push(job);
                    let committed = self.commit(&mut next);
                    self.answer(next, committed);
                }
            }
            committed => self.answer(jobs, committed),
        }
        if !self.kept.is_empty() && self.reserve.give_up() {
            let mut kept = std::mem::take(&mut self.kept);
            let committed = self.commit(&mut kept);
            self.answer(kept, committed);
        }
    }

    fn admitted(&self, group: Vec<Box<dyn Job>>) -> Vec<Box<dyn Job>> {
        let Some(error) = &self.no_room else {
            return group;
        };
        let (awaited, unawaited): (Vec<_>, Vec<_>) =
            group.into_iter().partition(|job| job.is_awaited());
        for job in awaited {
            job.answer(Err(error.clone()));
        }
        unawaited
    }

    fn answer(&mut self, jobs: Vec<Box<dyn Job>>, committed: Result<(), JournalError>) {
        let no_room = committed.as_ref().is_err_and(JournalError::is_about_room);
        for job in jobs {
            if no_room && !job.is_awaited() {
                self.no_room = committed.as_ref().err().cloned();
                self.kept.push(job);
            } else {
                job.answer(committed.clone());
            }
        }
    }

    fn commit(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), JournalError> {
        let transaction = self.connection.transaction()?;
        group.iter_mut().try_for_each(|job| job.run(&transaction))?;
        let epoch: i64 = transaction
            .prepare_cached("SELECT epoch FROM authority")?
            .query_row([], |row| row.get(0))?;
        if unsigned(epoch) != self.epoch.load(Ordering::Acquire) {
            return Err(JournalError::TakenOver);
        }
        Ok(transaction.commit()?)
    }
}
