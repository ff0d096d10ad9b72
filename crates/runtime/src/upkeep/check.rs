//! Is everything there that was accepted, and is it what it was? And what is there that nobody needs?

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use dice_model::{Digest, TaskId};

use super::UpkeepError;
use super::rules::Rules;
use crate::blobs::{Blobs, Stored};
use crate::data_folder::DataFolder;
use crate::journal::{self, Journal};
use crate::record::{TaskFilter, TaskKind, TaskRecord};
use crate::{BlobError, JournalError, Options};

/// Entries in memory at a time.
const PAGE: usize = 512;

#[derive(Debug, Default)]
pub struct Health {
    pub tasks: u64,
    pub entries: u64,
    pub blobs: u64,
    pub problems: Vec<Problem>,
    /// Blobs that no task names.
    pub(crate) unused: Vec<(Digest, Stored)>,
    /// `None`: nothing was to be swept, or something is wrong: what looks unused may be what a lost
    /// entry named.
    pub swept: Option<Swept>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    pub blobs: u64,
    pub bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `task 3`, `blob sha256:…`, `journal`
    pub place: String,
    pub what: String,
}

impl Health {
    /// Blobs that no task names.
    pub const fn unused_blobs(&self) -> usize {
        self.unused.len()
    }

    fn complain(&mut self, place: impl std::fmt::Display, what: impl Into<String>) {
        self.problems.push(Problem {
            place: place.to_string(),
            what: what.into(),
        });
    }
}

/// Reads everything. Of a folder without an engine; an old journal is brought up to date. `grace`: if
/// all is well, unused blobs that are older are removed.
pub async fn check(options: &Options, grace: Option<Duration>) -> Result<Health, UpkeepError> {
    let folder = DataFolder::open(&options.data)?;
    let mut health = Health::default();
    let looked = look(options, &folder, grace, &mut health).await;
    match looked {
        // A page that cannot be read is what is looked for.
        Err(UpkeepError::Journal(error @ JournalError::Database(_))) => {
            health.complain("journal", error.to_string());
        }
        looked => looked?,
    }
    Ok(health)
}

async fn look(
    options: &Options,
    folder: &DataFolder,
    grace: Option<Duration>,
    health: &mut Health,
) -> Result<(), UpkeepError> {
    let journal = journal::open(options, folder).await?;
    for fault in journal.faults().await? {
        health.complain("journal", fault);
    }
    let mut named = HashSet::new();
    for task in journal.tasks(TaskFilter::default()).await? {
        named.extend(check_task(&*journal, &task, health).await?);
    }
    let blobs = Blobs::open(folder.blobs(), &options.blobs, options.durability).await?;
    check_blobs(&blobs, &named, health).await?;
    if let (Some(grace), true) = (grace, health.problems.is_empty()) {
        health.swept = Some(sweep(&blobs, &health.unused, grace, SystemTime::now()).await?);
    }
    Ok(())
}

/// The blobs that it names.
async fn check_task(
    journal: &dyn Journal,
    task: &TaskRecord,
    health: &mut Health,
) -> Result<HashSet<Digest>, JournalError> {
    health.tasks += 1;
    let place = format!("task {}", task.id);
    let mut rules = Rules::default();
    if let Err(error) = read_entries(journal, task.id, &mut rules, health).await {
        match error {
            JournalError::Unreadable(_) | JournalError::Database(_) => {
                health.complain(&place, error.to_string());
            }
            error => return Err(error),
        }
    } else {
        rules.compare(task);
    }
    for problem in rules.problems {
        health.complain(&place, problem);
    }
    let mut blobs = rules.blobs;
    blobs.insert(task.spec.catalog);
    blobs.extend(task.spec.inputs.iter().map(|input| input.blob));
    if let TaskKind::Program { source } = task.spec.kind {
        blobs.insert(source);
    }
    Ok(blobs)
}

async fn read_entries(
    journal: &dyn Journal,
    task: TaskId,
    rules: &mut Rules,
    health: &mut Health,
) -> Result<(), JournalError> {
    let mut next = 1;
    loop {
        let entries = journal.entries(task, next, PAGE).await?;
        let Some((last, _)) = entries.last() else {
            return Ok(());
        };
        next = last + 1;
        health.entries += entries.len() as u64;
        for (sequence, entry) in &entries {
            rules.read(*sequence, entry);
        }
    }
}

async fn check_blobs(
    blobs: &Blobs,
    named: &HashSet<Digest>,
    health: &mut Health,
) -> Result<(), UpkeepError> {
    let stored = blobs.all().await?;
    health.blobs = stored.len() as u64;
    for &(digest, _) in &stored {
        if !blobs.is_whole(digest).await? {
            health.complain(
                format!("blob {digest}"),
                "its bytes are not what its name says",
            );
        }
    }
    let stored: HashMap<Digest, Stored> = stored.into_iter().collect();
    let unused = stored.iter().filter(|(digest, _)| !named.contains(*digest));
    health.unused = unused.map(|(&digest, &stored)| (digest, stored)).collect();
    for digest in named.iter().filter(|digest| !stored.contains_key(*digest)) {
        health.complain(
            format!("blob {digest}"),
            "a task needs it, and it is not there",
        );
    }
    health.problems.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(())
}

/// Removes what is unused and has not been touched for `grace`.
pub(super) async fn sweep(
    blobs: &Blobs,
    unused: &[(Digest, Stored)],
    grace: Duration,
    now: SystemTime,
) -> Result<Swept, BlobError> {
    let mut swept = Swept::default();
    for (digest, stored) in unused {
        // From the future, by a clock that jumped: it is kept until that has come.
        let age = now.duration_since(stored.touched);
        if age.is_ok_and(|age| age >= grace) {
            blobs.remove(*digest).await?;
            swept.blobs += 1;
            swept.bytes += stored.bytes;
        }
    }
    Ok(swept)
}
