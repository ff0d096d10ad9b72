//! What one program may use.

use std::time::Duration;

use serde::Serialize;

/// Bounds on one program. Time on the wall is not among them: whoever runs the program has deadlines
/// of its own, and ends it by dropping [`crate::Running`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Address space beyond what the interpreter itself takes.
    pub memory_bytes: u64,
    /// Of processor time, all threads together; rounded up to whole seconds.
    pub cpu: Duration,
    /// Threads alive at a time. Looked at every [`crate::running::WATCH_EVERY`].
    pub threads: u32,
    /// File descriptors beyond the inputs and the standard streams.
    pub open_files: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 512 << 20,
            cpu: Duration::from_secs(60),
            threads: 128,
            open_files: 64,
        }
    }
}

/// As the process sets them on itself (`hermod/sandbox/confine.py`).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ProcessLimits {
    memory_bytes: u64,
    cpu_s: u64,
    open_files: u64,
}

impl Limits {
    pub(crate) fn of_process(&self, inputs: usize) -> ProcessLimits {
        // Standard streams, the connection, an event loop's own three, and one to spare.
        const OWN_FILES: u64 = 8;
        ProcessLimits {
            memory_bytes: self.memory_bytes,
            cpu_s: self.cpu_s(),
            open_files: self.open_files + OWN_FILES + inputs as u64,
        }
    }

    pub(crate) fn cpu_s(&self) -> u64 {
        self.cpu.as_nanos().div_ceil(1_000_000_000).max(1) as u64
    }
}
