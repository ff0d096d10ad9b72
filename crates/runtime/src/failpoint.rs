//! Places where a test makes this process die, in builds with the feature `failpoints` only.
//!
//! A test arms a place by making a file of its name in the folder that `DICE_FAILPOINTS` names. Who gets
//! there next takes the file away and dies by SIGKILL: nothing is written, closed or told any more.

/// Between a write's intent and its acknowledgement (RUNTIME J1, J6).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Failpoint {
    /// The intent is durable, and no worker has heard of it.
    IntentDurable,
    /// Its result is here, and in no journal.
    ResultArrived,
    /// An outcome is durable; neither its worker nor the program has heard so.
    OutcomeDurable,
}

#[cfg(feature = "failpoints")]
pub(crate) fn reached(place: Failpoint) {
    use rustix::process::{Signal, getpid, kill_process};
    let name = match place {
        Failpoint::IntentDurable => "intent-durable",
        Failpoint::ResultArrived => "result-arrived",
        Failpoint::OutcomeDurable => "outcome-durable",
    };
    let Some(folder) = std::env::var_os("DICE_FAILPOINTS") else {
        return;
    };
    if std::fs::remove_file(std::path::Path::new(&folder).join(name)).is_ok() {
        kill_process(getpid(), Signal::KILL).expect("a process may kill itself");
    }
}

#[cfg(not(feature = "failpoints"))]
pub(crate) const fn reached(_: Failpoint) {}
