//! Which call runs where and when. Sans-IO: events in, actions out, time is an argument.

mod event;
mod options;
mod policy;
mod scheduler;
mod state_order;
mod view;

pub use event::{Action, CallEnd, DeviceProfile, Event, History, IssuedCall, LeaseGrant, Profile};
pub use options::{Options, Restored, RestoredLease, RestoredTask};
pub use policy::{PolicyName, UnknownPolicy};
pub use scheduler::Scheduler;
pub use state_order::{StateOrder, StatePlace};
pub use view::{CallPlace, DeviceView, LeaseView, ModelState, ModelView, QueueView, TaskCounts};
