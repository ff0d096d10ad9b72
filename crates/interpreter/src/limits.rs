//! What one program may use.

use std::time::Duration;

/// Bounds on one program. Time on the wall is not among them: whoever runs the program has deadlines
/// of its own, and ends it by dropping [`crate::Running`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Address space beyond what the interpreter itself takes.
    pub memory_bytes: u64,
    /// Of processor time, all threads together; rounded up to whole seconds.
    pub cpu: Duration,
    /// File descriptors beyond the inputs.
    pub open_files: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 512 << 20,
            cpu: Duration::from_secs(60),
            open_files: 64,
        }
    }
}
