//! Which call runs where and when. Sans-IO: events in, actions out, time is an argument.
//!
//! `docs/calls.md` draws what happens to a call. Start reading at `scheduler.rs`. What an event does is in
//! `tasks.rs`, `calls.rs`, `leases.rs`, `models.rs` and `offers.rs`; what is decided, in `dispatch.rs`
//! (who gets an idle device), `placement.rs` (which models go where), `scaling.rs` (which go again) and `policy.rs` (what may differ).

mod calls;
mod dispatch;
mod event;
mod fleet;
mod followers;
mod function;
mod hedging;
mod horizon;
mod late;
mod leases;
mod models;
mod offers;
mod options;
mod paths;
mod placement;
mod plan;
mod planning;
mod policy;
mod preference;
mod queue;
mod restore;
mod scaling;
mod scheduler;
mod state_order;
mod tasks;
mod tenants;
mod timers;
mod view;

pub use event::{
    Action, CallEnd, DeviceProfile, Event, History, IssuedCall, LeaseGrant, Profile, Terms,
};
pub use options::{Hedge, Options, Restored, RestoredLease, RestoredTask, Scale};
pub use policy::{PolicyName, UnknownPolicy};
pub use scheduler::Scheduler;
pub use state_order::{StateOrder, StatePlace};
pub use view::{CallPlace, DeviceView, LeaseView, ModelState, ModelView, QueueView, TaskCounts};
