//! Between the gateway and a worker, and the stream of blobs beside it.

use std::sync::Arc;

use dice_model::{CallFailure, CallRef, DeviceId, DeviceType, Digest, Epoch, LeaseId, Value};
use serde::{Deserialize, Serialize};

/// From a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerFrame {
    /// The model is resident on the device.
    Loaded {
        device: DeviceId,
        load_ns: u64,
        memory_bytes: u64,
    },
    /// `message`: the exception, for the function's author.
    LoadFailed {
        device: DeviceId,
        message: String,
    },
    /// Results of calls of one lease; may come in pieces, the last one ends the lease.
    Result {
        lease: LeaseId,
        results: Vec<CallResult>,
        /// The batch as a whole, on the worker's monotonic clock.
        execute_ns: u64,
        last: bool,
    },
    Log(WorkerLogLine),
    Ping {},
    Pong {
        /// Of the worker's process, resident; `None`: it does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        memory_bytes: Option<u64>,
        /// The most that it held on its device so far; `None`: the device is the process's own memory, or
        /// it does not know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device_memory_bytes: Option<u64>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallResult {
    pub call: CallRef,
    /// `{"Ok": value}` or `{"Err": {kind, message}}`.
    pub outcome: Result<Value, CallFailure>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkerLogLine {
    pub call: Option<CallRef>,
    pub line: String,
}

/// To a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// Run `__init__` for this device.
    Load {
        device: DeviceGrant,
    },
    /// Forget the model on this device.
    Unload {
        device: DeviceId,
    },
    Grant(Grant),
    /// These results are durable: forget them (RUNTIME J1).
    Ack {
        calls: Vec<CallRef>,
    },
    /// Nobody waits for these any more: stop them where the function allows.
    Cancel {
        calls: Vec<CallRef>,
    },
    /// Finish what runs, within this time, then exit 0.
    Stop {
        grace_ms: u64,
    },
    Ping {},
    Pong {},
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceGrant {
    pub id: DeviceId,
    pub kind: DeviceType,
    /// May be held by the worker, at most.
    pub memory_bytes: u64,
    /// Which one, for `CUDA_VISIBLE_DEVICES` and its like.
    pub index: u32,
    /// CPU threads that a call may use on it.
    pub threads: u32,
}

/// A grant is the delivery of a batch (RUNTIME P3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Workers refuse one older than the newest they have seen (P2).
    pub epoch: Epoch,
    pub lease: LeaseId,
    pub device: DeviceId,
    /// From the grant's arrival; the worker kills itself when it has passed and the gateway is gone.
    pub deadline_ms: u64,
    pub calls: Vec<CallGrant>,
    /// The lease has more calls, in the next grant: together they do not fit a frame.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallGrant {
    pub call: CallRef,
    /// 1, 2…
    pub attempt: u32,
    /// Always a map: parameter name to value, defaults filled in.
    pub arguments: Arc<Value>,
    /// For writes: the digest of the call's key with its task (J6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// From a peer on the blob stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlobFrame {
    /// A piece of a blob that the peer uploads, in order; the last piece ends it. Answered by `Stored`.
    Put {
        digest: Digest,
        #[serde(with = "binary")]
        piece: Vec<u8>,
        last: bool,
    },
    /// Answered by `Piece`s or `Missing`.
    Get { digest: Digest },
    /// Is it there already? Answered by `Stored` or `Missing`.
    Has { digest: Digest },
}

/// To a peer on the blob stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToBlobs {
    Stored {
        digest: Digest,
    },
    Missing {
        digest: Digest,
    },
    /// The bytes that came do not have the digest that was said.
    Refused {
        digest: Digest,
        reason: String,
    },
    Piece {
        digest: Digest,
        #[serde(with = "binary")]
        piece: Vec<u8>,
        last: bool,
    },
}

/// msgpack binary instead of a list of numbers.
pub(crate) mod binary {
    use serde::de::Visitor;
    use serde::{Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}
