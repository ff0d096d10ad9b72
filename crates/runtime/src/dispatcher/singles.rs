//! Calls without a program around them: nobody but the desk hears of them.

use dice_model::{CallRef, Outcome, Timestamp};
use dice_scheduler::{Event, LeaseGrant};

use super::Dispatcher;
use crate::journal::Execution;
use crate::single::{Granted, Over, Single};

impl Dispatcher {
    /// Says whether it is one.
    pub(super) fn single_granted(
        &mut self,
        call: CallRef,
        grant: &LeaseGrant,
        attempt: u32,
        at: Timestamp,
    ) -> bool {
        let work = self.calls.get_mut(&call);
        let Some(single) = work.and_then(|work| work.single.as_mut()) else {
            return false;
        };
        single.granted = Some(Granted {
            lease: grant.lease,
            device: grant.device.clone(),
            attempt,
            at,
        });
        true
    }

    /// `None`: whoever asked has gone. The scheduler has heard of the call's end before.
    pub(super) fn single_over(
        &mut self,
        call: CallRef,
        single: Box<Single>,
        outcome: Option<(Outcome, Option<Execution>)>,
    ) {
        let at = self.now();
        self.tell(Event::TaskEnded { task: call.task });
        self.desk.take(Over {
            call,
            single,
            outcome,
            at,
        });
    }
}
