//! What the program does, and how it ends.

use bytes::Bytes;
use dice_model::TaskEnd;
use dice_wire::{ClientFrame, ToClient};

use super::call::Open;
use super::driver::Driver;
use super::history::diverged;
use crate::ProgramEvent;
use crate::journal::Entry;
use crate::record::TaskKind;

/// An interpreter that dies under one task so often is not tried again.
const MOST_LOSSES: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Stdout,
    Stderr,
}

impl Driver {
    pub(super) async fn program_did(&mut self, event: ProgramEvent) {
        match event {
            ProgramEvent::Stdout(bytes) => self.print(bytes, Stream::Stdout),
            ProgramEvent::Stderr(bytes) => self.print(bytes, Stream::Stderr),
            ProgramEvent::Client(frame) => self.client_frame(frame),
            ProgramEvent::Observed(value) => self.recorder.add(Entry::Observed { value }),
            ProgramEvent::Answer(value) => {
                if self.run.history.answer.as_ref() != Some(&value) {
                    self.run.history.answer = Some(value.clone());
                    self.recorder.add(Entry::Answered { value });
                }
            }
            ProgramEvent::Blob(bytes) => {
                if let Err(error) = self.shared.blobs.put(&bytes).await {
                    let detail = format!("an image of the program could not be kept: {error}");
                    self.close(TaskEnd::Crashed { detail });
                }
            }
            ProgramEvent::Ended(end) => self.program_ended(end),
        }
    }

    fn client_frame(&mut self, frame: ClientFrame) {
        match frame {
            ClientFrame::Call {
                id,
                function,
                arguments,
                guess,
            } => self.issue(id, function, arguments, guess),
            ClientFrame::Cancel { id } => self.cancel(id),
            // A program in the sandbox has output under way still; its end is an event of its own.
            ClientFrame::Bye {} if self.record.spec.kind == TaskKind::External => {
                self.program_ended(TaskEnd::Normal);
            }
            ClientFrame::Bye {} => {}
            ClientFrame::Ping {} => self.run.outbox.push_back(ToClient::Pong {}),
            ClientFrame::Pong {} => {}
        }
    }

    fn print(&mut self, bytes: Bytes, stream: Stream) {
        let at = self.now();
        let output = match stream {
            Stream::Stdout => &mut self.run.stdout,
            Stream::Stderr => &mut self.run.stderr,
        };
        match output.write(bytes) {
            Ok(None) => {}
            Ok(Some((offset, bytes))) => self.recorder.add(match stream {
                Stream::Stdout => Entry::Stdout { at, offset, bytes },
                Stream::Stderr => Entry::Stderr { at, offset, bytes },
            }),
            // Tracebacks and warnings are outside equality (O1).
            Err(_) if stream == Stream::Stderr => {}
            Err(differs) => self.close(diverged(format!(
                "stdout differs from the first run's, from byte {} on",
                differs.at
            ))),
        }
    }

    fn program_ended(&mut self, end: TaskEnd) {
        // One that was ended on the way has not come to what the first run did next.
        let by_itself = matches!(
            end,
            TaskEnd::Normal | TaskEnd::Exit { .. } | TaskEnd::Exception { .. }
        );
        let objection = by_itself.then(|| self.replay_objection()).flatten();
        self.close(objection.unwrap_or(end));
    }

    /// What the first run did, and this one did not (J5).
    fn replay_objection(&self) -> Option<TaskEnd> {
        if let Some(known) = self.run.history.write_not_asked_for() {
            let function = &known.function;
            return Some(diverged(format!(
                "the first run wrote by {function} (call {}), this one did not",
                known.call
            )));
        }
        let missing = self.run.stdout.end().err()?;
        Some(diverged(format!(
            "the first run had printed more than {} bytes",
            missing.at
        )))
    }

    /// What ran it has died, by no fault of its own: it is run again (J1). Calls that are dispatched
    /// go on, so that nothing of them is executed twice.
    pub(super) fn program_lost(&mut self) {
        self.losses += 1;
        if self.record.spec.kind == TaskKind::External || self.losses > MOST_LOSSES {
            let detail = "what ran the program died under it".to_owned();
            return self.close(TaskEnd::Crashed { detail });
        }
        tracing::warn!("what ran its program has died; it is run again");
        self.program = None;
        self.interrupted = true;
        self.abandon_unless(Open::is_dispatched);
        self.open.values_mut().for_each(|open| open.wanted = false);
    }
}
