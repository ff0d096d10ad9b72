//! Grants: queued calls meet idle devices that have their model.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use dice_model::LeaseId;

use crate::fleet::DeviceIndex;
use crate::function::FunctionIndex;
use crate::leases::Lease;
use crate::policy::BatchQuestion;
use crate::queue::Head;
use crate::tenants::TenantIndex;
use crate::timers::Timer;
use crate::{Action, CallPlace, LeaseGrant, Scheduler};

impl Scheduler {
    /// Functions take turns by the priority of their first call, since they may share devices.
    pub(crate) fn grant_all(&mut self) {
        let mut turns = BinaryHeap::new();
        while let Some(index) = self.dirty.pop() {
            self.function_mut(index).dirty = false;
            turns.extend(self.turn(index));
        }
        while let Some(Reverse((_, index))) = turns.pop() {
            self.grant_one(index);
            turns.extend(self.turn(index));
        }
    }

    fn turn(&mut self, index: FunctionIndex) -> Option<Reverse<(Head, FunctionIndex)>> {
        let function = &mut self.functions[index as usize];
        function.queue.catch_up(&self.tenants);
        let head = function.queue.head()?;
        (!function.idle.is_empty()).then_some(Reverse((head, index)))
    }

    fn grant_one(&mut self, index: FunctionIndex) {
        let function = self.function(index);
        let Some(&(_, device)) = function.idle.first() else {
            return;
        };
        if function.queue.is_empty() {
            return;
        }
        let (index, size) = self.best_use(device, index);
        self.grant_on(device, index, size);
    }

    pub(crate) fn batch_size(&self, device: DeviceIndex, index: FunctionIndex) -> u32 {
        let function = self.function(index);
        let class = self.fleet.class(self.fleet.device(device).class);
        self.policy.batch_size(&BatchQuestion {
            queued: function.queue.len(),
            idle_devices: function.idle.len(),
            limit: function.lease_limit(),
            batches: function.batches(&class.kind),
            copies: function.ready as usize,
            tail: Duration::from_nanos(function.tail.get().unwrap_or(0)),
            horizon: &|| self.horizon(),
        })
    }

    /// The first calls of the queue, at most `size`, to a device that has the model and no lease.
    pub(crate) fn grant_on(&mut self, device: DeviceIndex, index: FunctionIndex, size: u32) {
        let size = size.clamp(1, self.function(index).lease_limit());
        let mut calls = Vec::with_capacity(size as usize);
        let function = &mut self.functions[index as usize];
        function.queue.catch_up(&self.tenants);
        let tenant = function.queue.take(size, &mut calls);
        self.last_lease += 1;
        let lease = LeaseId(self.last_lease);
        let calls = calls.into_iter().map(|call| {
            let known = self.calls.get_mut(&call).expect("queued calls are known");
            known.history.attempts += 1;
            (call, known.history.attempts)
        });
        let calls: Vec<_> = calls.collect();
        let grant = self.open_lease(lease, index, device, calls);
        if let Some(tenant) = tenant {
            self.charge(lease, tenant);
        }
        self.watch(lease);
        self.actions.push(Action::Grant(grant));
        self.queue_shrank(index);
    }

    /// The tenant pays for the lease ahead, so that the next turn is another's.
    fn charge(&mut self, id: LeaseId, tenant: TenantIndex) {
        let lease = &self.leases[&id];
        let (index, size) = (lease.function, lease.size);
        let class = self.fleet.device(lease.device).class;
        let kind = &self.fleet.class(class).kind;
        let expected = self.function(index).lease_time(kind, class, size);
        let charged = self.tenants.charge(tenant, expected, size);
        self.leases.get_mut(&id).expect("seen above").charged = Some((tenant, charged));
        let turn = self.tenants.charged(tenant);
        self.function_mut(index).queue.set_turn(tenant, turn);
    }

    /// Books the lease: its calls, its device, its timer.
    pub(crate) fn open_lease(
        &mut self,
        id: LeaseId,
        index: FunctionIndex,
        device: DeviceIndex,
        calls: Vec<(dice_model::CallRef, u32)>,
    ) -> LeaseGrant {
        let default = self.options.execution_deadline;
        let (mut longest, mut first) = (None, None);
        for (call, _) in &calls {
            let call = self.calls.get_mut(call).expect("the caller has seen it");
            match call.place {
                CallPlace::Granted(_) => call.twin = Some(id),
                _ => call.place = CallPlace::Granted(id),
            }
            let deadline = call.deadline.unwrap_or(default);
            longest = longest.max(Some(deadline));
            if !call.abandoned && !deadline.is_zero() {
                first = Some(first.map_or(deadline, |first: Duration| first.min(deadline)));
            }
        }
        let deadline = longest.unwrap_or(default);
        // As Scheduler::set_lease_timer has it, for a lease that begins now.
        let timer = self.now + first.unwrap_or(deadline + self.options.grace);
        let size = u32::try_from(calls.len()).expect("at most the lease limit");
        let class = self.fleet.device(device).class;
        let kind = &self.fleet.class(class).kind;
        let time = self.function(index).lease_time(kind, class, size);
        let lease = Lease {
            function: index,
            device,
            calls: calls.iter().map(|(call, _)| *call).collect(),
            size,
            granted_at: self.now,
            expected: self.now + time.unwrap_or_default(),
            deadline: self.now + deadline,
            timer: Some(timer),
            charged: None,
            twin: None,
            hedge: false,
        };
        self.lease_ends += u128::from(lease.expected.0);
        self.leases.insert(id, lease);
        self.timers.set(timer, Timer::Lease(id));
        self.occupy(device, id, index);
        let now = self.now;
        let function = self.function_mut(index);
        function.granted += calls.len();
        function.waiting_since = now;
        function.promised = None;
        let (function, device) = self.names(index, device);
        LeaseGrant {
            lease: id,
            function,
            device,
            calls,
            deadline,
            hedge: false,
        }
    }

    fn occupy(&mut self, device: DeviceIndex, lease: LeaseId, index: FunctionIndex) {
        let now = self.now;
        let at = self.fleet.device_mut(device);
        at.lease = Some(lease);
        for model in &mut at.models {
            if model.function == index {
                model.last_used = now;
                model.served = true;
            }
            let function = &mut self.functions[model.function as usize];
            function.idle.remove(&(model.rank, device));
        }
        self.fleet.reindex(device);
    }
}
