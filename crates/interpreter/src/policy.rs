//! What a program's process may do at all: system calls by allow-list, files by landlock.
//!
//! The process applies this to itself before the program's first line; nothing can be taken back.

mod files;
mod system_calls;

pub(crate) use files::ruleset;
pub(crate) use system_calls::{program_filters, server_filter};

/// This kernel, or this architecture, cannot confine a program.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error(
        "the kernel has no landlock, and without it a program could read files (Linux 5.13 or later, with `landlock` in its `lsm=` list)"
    )]
    NoLandlock,
    #[error("no landlock ruleset")]
    Landlock(#[from] landlock::RulesetError),
    #[error("no seccomp filter")]
    Seccomp(#[from] seccompiler::BackendError),
    #[error("no seccomp filter for {0} processors")]
    Architecture(&'static str),
}
