//! How a program's process ended, in a task's terms.

use std::sync::OnceLock;

use dice_model::TaskEnd;
use dice_wire::ProgramEnd;

use crate::Limits;
use crate::server::Exit;

/// Why the host killed a program; the first reason counts.
#[derive(Debug, Default)]
pub(crate) struct Verdict(OnceLock<TaskEnd>);

impl Verdict {
    pub(crate) fn pass(&self, end: TaskEnd) {
        let _ = self.0.set(end); // there is one already
    }
}

/// `said`: by the program, in its last frame. `exit`: by the kernel; `None` if the fork server died,
/// and the program, which had not ended, with it.
pub(crate) fn of(
    said: Option<ProgramEnd>,
    exit: Option<Exit>,
    verdict: Verdict,
    limits: &Limits,
) -> Option<TaskEnd> {
    let passed = verdict.0.into_inner();
    passed
        .or_else(|| said.map(end_of_program))
        .or_else(|| exit.map(|exit| end_of_process(exit, limits)))
}

fn end_of_program(end: ProgramEnd) -> TaskEnd {
    match end {
        ProgramEnd::Normal {} => TaskEnd::Normal,
        ProgramEnd::Exit { code } => TaskEnd::Exit { code },
        ProgramEnd::Exception { kind, .. } if kind == "MemoryError" => TaskEnd::MemoryExceeded,
        ProgramEnd::Exception {
            kind,
            message,
            traceback,
            call_failed,
        } => TaskEnd::Exception {
            kind,
            message,
            traceback,
            call_failed,
        },
    }
}

fn end_of_process(exit: Exit, limits: &Limits) -> TaskEnd {
    match -exit.code {
        libc::SIGXCPU => TaskEnd::CpuTimeExceeded,
        // A program may ignore the first signal; the second comes a second later.
        libc::SIGKILL if exit.cpu_ms >= limits.cpu_s() * 1000 => TaskEnd::CpuTimeExceeded,
        // Nobody else kills a program: the machine ran out of memory.
        libc::SIGKILL => TaskEnd::MemoryExceeded,
        libc::SIGSEGV => crashed(
            "the program's process crashed (SIGSEGV): too deep a recursion, or a fault in an extension module",
        ),
        signal if signal > 0 => crashed(&format!(
            "the program's process was ended by signal {signal}"
        )),
        // `os._exit` leaves no time for a last frame.
        _ => TaskEnd::Exit { code: exit.code },
    }
}

fn crashed(detail: &str) -> TaskEnd {
    TaskEnd::Crashed {
        detail: detail.to_owned(),
    }
}
