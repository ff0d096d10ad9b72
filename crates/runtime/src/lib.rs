//! Drives the scheduler: journal, blobs, worker connections, tasks and their replay.

mod blobs;
mod checks;
mod clock;
mod connection;
mod data_folder;
mod dispatcher;
mod failpoint;
mod handle;
mod journal;
mod launcher;
mod memo;
mod observer;
mod offer;
mod options;
mod programs;
mod record;
mod single;
mod task;
mod upkeep;
mod worker;

pub use blobs::{BlobError, Blobs, StoreError};
pub use clock::Clock;
pub use data_folder::DataFolderError;
pub use dispatcher::{PoolView, WorkerState, WorkerView};
pub use handle::{
    CallLog, CallRecord, CallResult, CallState, Called, Guessed, Handle, Keep, RequestError,
    ResolveError, Runtime, StartError, TaskEvent,
};
pub use journal::{Entry, Execution, JournalError, Recorded, WritePlace};

pub use launcher::{LaunchError, LaunchRequest, LaunchedWorker, Launcher, WorkerExit};
pub use memo::MemoOptions;
pub use observer::{Append, Observer, Observers};
pub use options::{
    BlobsPlace, DeviceSettings, Durability, JournalPlace, Options, PoolOptions, ProgramLimits,
    Worth,
};
pub use programs::{
    InputFile, ProgramError, ProgramEvent, Programs, RunRequest, RunningProgram, events_of,
};
pub use record::{
    BatchRecord, Bounds, NewBatch, NewTask, Resolution, TaskFilter, TaskKind, TaskRecord, TaskSpec,
    UsageFilter,
};
pub use upkeep::{Health, Problem, Swept, UpkeepError, back_up, check, restore};
