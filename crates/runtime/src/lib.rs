//! Drives the scheduler: journal, blobs, worker connections, tasks and their replay.

mod clock;
mod launcher;
mod options;
mod programs;

pub use clock::Clock;
pub use launcher::{LaunchError, LaunchRequest, LaunchedWorker, Launcher, WorkerExit};
pub use options::{DeviceSettings, Durability, Options, PoolOptions, ProgramLimits};
pub use programs::{InputFile, ProgramError, ProgramEvent, Programs, RunRequest, RunningProgram};
