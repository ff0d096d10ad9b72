//! Which call runs where and when. Sans-IO: events in, actions out, time is an argument.

mod event;

pub use event::{Action, CallEnd, DeviceProfile, Event, IssuedCall, LeaseGrant, Profile};
