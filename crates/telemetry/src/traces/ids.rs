//! Ids that follow from task and call.

use dice_model::{CallRef, Digest, LeaseId, TaskId};
use opentelemetry::trace::{SpanId, TraceId};

#[derive(Debug)]
pub(super) struct Ids {
    namespace: String,
}

impl Ids {
    pub(super) fn new(namespace: &str) -> Self {
        let namespace = namespace.to_owned();
        Self { namespace }
    }

    /// The first 16 bytes of SHA-256 of `NAMESPACE\ntask N`.
    pub(super) fn trace(&self, task: TaskId) -> TraceId {
        let digest = self.digest(&format!("task {}", task.0));
        TraceId::from_bytes(first(&digest))
    }

    pub(super) fn task(&self, task: TaskId) -> SpanId {
        self.span(&format!("span of task {}", task.0))
    }

    pub(super) fn call(&self, call: CallRef) -> SpanId {
        self.span(&format!("call {}.{}", call.task.0, call.call))
    }

    /// A part of a call that belongs to one of its leases.
    pub(super) fn of_lease(&self, call: CallRef, part: &str, lease: LeaseId) -> SpanId {
        let CallRef { task, call } = call;
        self.span(&format!("{part} of call {}.{call} in {}", task.0, lease.0))
    }

    fn span(&self, of: &str) -> SpanId {
        SpanId::from_bytes(first(&self.digest(of)))
    }

    fn digest(&self, of: &str) -> Digest {
        Digest::of(format!("{}\n{of}", self.namespace).as_bytes())
    }
}

fn first<const N: usize>(digest: &Digest) -> [u8; N] {
    *digest.as_bytes().first_chunk().expect("a digest has 32")
}
