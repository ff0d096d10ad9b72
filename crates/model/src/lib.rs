//! The nouns of DiCE-C: values, functions, calls, tasks, devices, money. No I/O, no clocks, no async.

mod call;
mod canonical;
mod digest;
mod function;
mod hardware;
mod ids;
mod money;
mod task;
mod time;
mod usage;
mod value;

pub use call::{CallFailure, CallKey, CallRef, FailureKind, Outcome};
pub use digest::{Digest, DigestParseError};
pub use function::{Effect, FunctionId, FunctionSpec, Origin, Resources};
pub use hardware::{DeviceId, DeviceSpec, DeviceType, NodeId, NodeSpec, NodeType};
pub use ids::{BatchId, Epoch, LeaseId, PoolName, TaskId, Tenant, WorkerId};
pub use money::{Cost, MicroUsd, PricePerHour, apportion};
pub use task::{InputKind, ProgramForm, TaskEnd, TaskInput, TaskState};
pub use time::Timestamp;
pub use usage::{LeaseUse, Usage};
pub use value::{ImageHandle, Value, ValueError};
