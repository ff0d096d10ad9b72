//! How a task ends: writes that were begun are finished, everything else is abandoned (H2, A2).

use dice_model::{TaskEnd, Timestamp};
use dice_wire::ToClient;

use super::call::Open;
use super::driver::Driver;
use super::recorder::Then;
use crate::journal::Entry;

impl Driver {
    /// The first end counts, except that doubt about a write outweighs all others.
    pub(super) fn close(&mut self, end: TaskEnd) {
        let outweighs = matches!(end, TaskEnd::Uncertain { .. });
        if self.ended || (self.closing.is_some() && !outweighs) {
            return;
        }
        let by_itself = is_programs_own(&end);
        self.stop_program(&end);
        // From outside: what a worker has not seen yet never happens. From within: the program
        // asked for it.
        self.abandon_unless(|open| open.is_write() && (by_itself || open.is_granted()));
        self.closing = Some(end);
    }

    /// The program stops, nothing ends: a later run goes on from the journal.
    pub(super) fn pause(&mut self) {
        self.pausing = true;
        self.program = None;
        self.abandon_unless(|open| open.is_write());
        let unsent = |open: &Open| open.is_write() && !open.is_granted();
        let unsent: Vec<u32> = self.calls_that(unsent);
        // Journalled as issued only; the next run issues them again.
        for call in unsent {
            self.abandon(call);
        }
    }

    /// The last thing a program outside hears; one inside is killed.
    fn stop_program(&mut self, end: &TaskEnd) {
        if let Some(program) = self.program.take()
            && !is_programs_own(end)
        {
            let reason = end.state().word().to_owned();
            // If it does not listen, its connection closes all the same.
            let _ = program.control.try_send(ToClient::Stop { reason });
        }
        self.run.outbox.clear();
    }

    fn calls_that(&self, choose: impl Fn(&Open) -> bool) -> Vec<u32> {
        let chosen = self.open.iter().filter(|(_, open)| choose(open));
        chosen.map(|(&call, _)| call).collect()
    }

    pub(super) fn abandon_unless(&mut self, keep: impl Fn(&Open) -> bool) {
        for call in self.calls_that(|open| !keep(open)) {
            self.abandon(call);
        }
    }

    /// A write was sent, and its answer is lost (J6).
    pub(super) fn uncertain(&mut self, call: u32, at: Timestamp) {
        let Some(open) = self.open.remove(&call) else {
            return;
        };
        self.in_flight -= 1;
        self.recorder.add(Entry::Uncertain { call, at });
        let function = open.entry.spec.id.to_string();
        self.close(TaskEnd::Uncertain { call, function });
    }

    /// Nothing of it is under way any more, and all of it is durable.
    pub(super) fn is_quiet(&self) -> bool {
        self.open.is_empty() && self.recorder.is_idle()
    }

    pub(super) fn end_if_over(&mut self) {
        if self.ended || self.pausing || !self.open.is_empty() {
            return;
        }
        if let Some(end) = self.closing.clone() {
            self.ended = true;
            let at = self.now();
            self.recorder.add(Entry::Ended { end, at });
            self.recorder.then(Then::End);
        }
    }
}

const fn is_programs_own(end: &TaskEnd) -> bool {
    matches!(
        end,
        TaskEnd::Normal | TaskEnd::Exit { .. } | TaskEnd::Exception { .. }
    )
}
