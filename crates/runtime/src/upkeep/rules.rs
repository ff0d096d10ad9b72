//! What must hold for the entries of a task (RUNTIME J1, J3, J5, J6).

use std::collections::HashSet;

use dice_model::{Digest, Value};

use crate::journal::{Entry, Recorded};
use crate::record::{Resolution, TaskRecord};

/// Told of a task's entries in their order.
#[derive(Debug, Default)]
pub(super) struct Rules {
    last: u64,
    issued: HashSet<u32>,
    ended: HashSet<u32>,
    printed: [u64; 2],
    over: bool,
    pub(super) problems: Vec<String>,
    /// That results name.
    pub(super) blobs: HashSet<Digest>,
}

impl Rules {
    pub(super) fn read(&mut self, sequence: u64, entry: &Entry) {
        if sequence != self.last + 1 {
            let (from, to) = (self.last + 1, sequence - 1);
            self.complain(format!("entries {from} to {to} are missing"));
        }
        self.last = sequence;
        if self.over && !matches!(entry, Entry::Resolved { .. }) {
            self.complain(format!("entry {sequence} comes after the task's end"));
        }
        self.over = matches!(entry, Entry::Ended { .. });
        match entry {
            Entry::Stdout { offset, bytes, .. } => self.print(0, sequence, *offset, bytes),
            Entry::Stderr { offset, bytes, .. } => self.print(1, sequence, *offset, bytes),
            Entry::Answered { value } => images(value, &mut self.blobs),
            Entry::Issued { call, .. } => drop(self.issued.insert(*call)),
            _ => {}
        }
        if let Some(call) = entry.call()
            && !self.issued.contains(&call)
        {
            self.complain(format!(
                "entry {sequence} is about call {call}, which was never made"
            ));
        }
        self.read_outcome(sequence, entry);
    }

    fn read_outcome(&mut self, sequence: u64, entry: &Entry) {
        let (call, value) = match entry {
            Entry::Outcome { call, recorded, .. } => match recorded {
                Recorded::Own(outcome) => (*call, outcome.as_ref().ok()),
                Recorded::SameAs(leader) => {
                    if !self.ended.contains(leader) {
                        self.complain(format!(
                            "call {call} has the result of call {leader}, which has none"
                        ));
                    }
                    (*call, None)
                }
            },
            Entry::Resolved {
                call,
                resolution: Resolution::Happened(value),
                ..
            } => (*call, Some(value)),
            _ => return,
        };
        if !self.ended.insert(call) {
            self.complain(format!(
                "entry {sequence} is a second outcome of call {call}"
            ));
        }
        if let Some(value) = value {
            images(value, &mut self.blobs);
        }
    }

    fn print(&mut self, stream: usize, sequence: u64, offset: u64, bytes: &[u8]) {
        let printed = self.printed[stream];
        if offset != printed {
            self.complain(format!(
                "entry {sequence} prints at byte {offset}, after {printed} bytes"
            ));
        }
        self.printed[stream] = offset + bytes.len() as u64;
    }

    /// Once all entries were read.
    pub(super) fn compare(&mut self, record: &TaskRecord) {
        if self.over != record.ended.is_some() {
            let (row, entries) = match self.over {
                true => ("has not ended", "have"),
                false => ("has ended", "have not"),
            };
            self.complain(format!(
                "its row says that it {row}, its entries that they {entries}"
            ));
        }
        if record.calls != self.issued.len() as u64 {
            let (row, entries) = (record.calls, self.issued.len());
            self.complain(format!("its row says {row} calls, its entries {entries}"));
        }
    }

    fn complain(&mut self, problem: String) {
        self.problems.push(problem);
    }
}

fn images(value: &Value, blobs: &mut HashSet<Digest>) {
    match value {
        Value::Image(handle) => drop(blobs.insert(handle.blob)),
        Value::List(items) => items.iter().for_each(|item| images(item, blobs)),
        Value::Map(fields) => fields.values().for_each(|field| images(field, blobs)),
        _ => {}
    }
}
