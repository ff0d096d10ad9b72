//! What workers say, and what it means for leases and calls.

use dice_model::{
    CallRef, DeviceId, FunctionId, LeaseId, LeaseUse, Outcome, Timestamp, Usage, WorkerId,
};
use dice_scheduler::{CallEnd, Event};
use dice_wire::{CallResult, WorkerFrame, WorkerLogLine};

use super::workers::Residency;
use super::{CallNews, Dispatcher, WorkerCommand};
use crate::WorkerExit;
use crate::journal::Execution;
use crate::single::Single;

/// Bytes that are kept of what a function prints in one call. A worker of ours sends less.
const MOST_LOGGED: usize = 64 * 1024;

/// What a result is to this pool.
enum Taken {
    Wanted(CallNews),
    /// Of a call without a program.
    Single(Box<Single>, (Outcome, Option<Execution>)),
    /// Nobody waits for it any more.
    Unwanted,
}

impl Dispatcher {
    pub(super) fn worker(&mut self, command: WorkerCommand) {
        match command {
            WorkerCommand::Arrived {
                hello,
                outgoing,
                answer,
            } => {
                let arrived = self.workers.arrive(&hello, outgoing, &self.around);
                if let Ok((worker, _)) = arrived
                    && self.workers.is_left_over(worker)
                {
                    self.left_over_arrived(worker, &hello.running);
                }
                // The connection may be gone again; then it will say so.
                let _ = answer.send(arrived);
            }
            WorkerCommand::Frame { worker, frame } => self.frame(worker, frame),
            WorkerCommand::Left { worker, connection } => {
                self.workers.left(worker, connection);
                self.left_over_gone(worker);
            }
            WorkerCommand::Overdue { worker, connection } => {
                self.workers.overdue(worker, connection);
            }
            WorkerCommand::Launched { worker, pid } => self.workers.launched(worker, pid),
            WorkerCommand::Exited { worker, exit, log } => self.exited(worker, &exit, log),
        }
    }

    fn frame(&mut self, worker: WorkerId, frame: WorkerFrame) {
        let memory_bytes = match &frame {
            WorkerFrame::Pong { memory_bytes, .. } => *memory_bytes,
            _ => None,
        };
        self.workers.heard(worker, self.now(), memory_bytes);
        match frame {
            WorkerFrame::Loaded {
                device,
                memory_bytes,
                ..
            } => self.loaded(worker, device, memory_bytes),
            WorkerFrame::LoadFailed { device, message } => {
                self.load_failed(worker, device, message);
            }
            WorkerFrame::Result {
                lease,
                results,
                execute_ns,
                last,
            } => self.results(worker, lease, results, execute_ns, last),
            WorkerFrame::Log(line) => self.logged(worker, line),
            // A process with a GPU holds what its driver and libraries like, whatever its model is.
            WorkerFrame::Pong {
                memory_bytes: Some(bytes),
                device_memory_bytes: None,
                ..
            } => self.look_at_memory(worker, bytes),
            // Their arrival alone keeps the connection alive.
            WorkerFrame::Ping {} | WorkerFrame::Pong { .. } => {}
        }
    }

    /// A worker that has outgrown its room is replaced when its lease has ended.
    fn look_at_memory(&mut self, worker: WorkerId, bytes: u64) {
        let of = self.workers.function(worker);
        let Some(most) = of.and_then(|function| self.room.of(function)) else {
            return;
        };
        if bytes <= most {
            return;
        }
        let Some((function, device)) = self.workers.outgrown(worker) else {
            return;
        };
        tracing::warn!(
            %function, %device, %worker, memory_bytes = bytes, most_bytes = most,
            "a worker has outgrown its profile and is replaced; dice profile measures what it should hold"
        );
        let observers = &self.around.observers;
        observers.tell(|observer| observer.worker_outgrown(&self.options.name, &function));
        self.tell(Event::WorkerOutgrown { function, device });
    }

    fn logged(&mut self, worker: WorkerId, line: WorkerLogLine) {
        let Some(call) = line.call else {
            tracing::info!(%worker, "{}", line.line.trim_end());
            return;
        };
        tracing::debug!(%worker, task = call.task.0, call = call.call, "{}", line.line.trim_end());
        let Some(work) = self.calls.get_mut(&call) else {
            return; // it has its outcome, or nobody waits for it
        };
        work.logged += line.line.len();
        if work.logged <= MOST_LOGGED {
            let (text, at) = (line.line, self.around.clock.now());
            if let Some(single) = &mut work.single {
                return single.printed.push((text, at));
            }
            self.news(call.task, CallNews::Logged { call, text, at });
        }
    }

    fn loaded(&mut self, worker: WorkerId, device: DeviceId, memory_bytes: u64) {
        let Some((function, began)) = self.workers.loaded(worker, &device) else {
            return;
        };
        self.record(&function, &device, LeaseId(0), began, LeaseUse::Load);
        self.tell(Event::Loaded {
            function,
            device,
            memory_bytes,
        });
    }

    fn load_failed(&mut self, worker: WorkerId, device: DeviceId, message: String) {
        let Some((function, began)) = self.workers.load_failed(worker, &device, message) else {
            return;
        };
        self.record(&function, &device, LeaseId(0), began, LeaseUse::Load);
        self.tell(Event::LoadFailed { function, device });
    }

    fn results(
        &mut self,
        worker: WorkerId,
        id: LeaseId,
        results: Vec<CallResult>,
        execute_ns: u64,
        last: bool,
    ) {
        let calls: Vec<CallRef> = results.iter().map(|result| result.call).collect();
        let known = self.leases.get(id).is_some();
        let mut unwanted = Vec::new();
        let mut wanted = Vec::new();
        let mut singles = Vec::new();
        for result in results {
            let call = result.call;
            match self.take(id, result, execute_ns) {
                Taken::Wanted(news) => wanted.push((call, news)),
                Taken::Single(single, ended) => singles.push((call, single, ended)),
                Taken::Unwanted => unwanted.push(call),
            }
        }
        if last {
            // Before anybody can make an outcome of it durable: what is durable has been billed.
            self.end_lease(id);
        }
        for (call, news) in wanted {
            if !self.hand_over(call, news) {
                unwanted.push(call);
            }
        }
        self.workers.offered(worker, &calls);
        self.workers.acknowledge(unwanted);
        if known {
            self.workers.worked(worker);
            let ended = calls.into_iter().map(|call| (call, CallEnd::Finished));
            self.tell(Event::LeaseResults {
                lease: id,
                ended: ended.collect(),
                last,
            });
        }
        for (call, single, ended) in singles {
            self.single_over(call, single, Some(ended));
        }
    }

    fn take(&mut self, id: LeaseId, result: CallResult, execute_ns: u64) -> Taken {
        let call = result.call;
        let at = self.now();
        let work = self.calls.remove(&call);
        let wanted = work.is_some();
        let lease = self.leases.get_mut(id);
        let execution = lease.map(|lease| {
            if wanted {
                lease.note_used(call);
            }
            Execution {
                lease: id,
                device: lease.device.clone(),
                attempt: lease.attempts.get(&call).copied().unwrap_or(1),
                granted: lease.granted,
                execute_ns,
            }
        });
        if execution.is_none() && wanted {
            // From before a restart or a death that was none: the first result wins (J1).
            self.tell(Event::CallWithdrawn { call });
        } else if execution.is_some() && !wanted {
            return Taken::Unwanted;
        }
        let outcome = result.outcome;
        match work.and_then(|work| work.single) {
            Some(single) => Taken::Single(single, (outcome, execution)),
            None => Taken::Wanted(CallNews::Ended {
                call,
                outcome,
                execution,
                at,
            }),
        }
    }

    /// Says whether somebody will make it durable; what nobody wants may be forgotten at once.
    fn hand_over(&mut self, call: CallRef, news: CallNews) -> bool {
        match self.tasks.get(&call.task) {
            Some(place) => place.news.send(news).is_ok(),
            None => self.left_over.keep(call, news),
        }
    }

    pub(super) fn end_lease(&mut self, id: LeaseId) {
        let now = self.now();
        let Some(lease) = self.leases.end(id) else {
            return;
        };
        let (function, device) = (lease.function.clone(), lease.device.clone());
        self.workers.released(&function, &device, id);
        for (from, to, purpose) in lease.uses(now) {
            self.record_span(&function, &device, id, (from, to), purpose);
        }
    }

    fn exited(&mut self, worker: WorkerId, exit: &WorkerExit, log: String) {
        let Some((function, residencies)) =
            self.workers
                .exited(worker, exit, log, &self.around.observers)
        else {
            return;
        };
        for (device, residency) in residencies {
            for lease in self.leases.on(&function, &device) {
                self.end_lease(lease);
            }
            let (function, device) = (function.clone(), device);
            self.tell(match residency {
                Residency::Loading { killed: false, .. } => Event::LoadFailed { function, device },
                Residency::Unloading => Event::Unloaded { function, device },
                Residency::Loading { .. } | Residency::Ready => {
                    Event::WorkerLost { function, device }
                }
            });
        }
    }

    fn record(
        &self,
        function: &FunctionId,
        device: &DeviceId,
        lease: LeaseId,
        from: Timestamp,
        purpose: LeaseUse,
    ) {
        self.record_span(function, device, lease, (from, self.now()), purpose);
    }

    fn record_span(
        &self,
        function: &FunctionId,
        device: &DeviceId,
        lease: LeaseId,
        (from, to): (Timestamp, Timestamp),
        purpose: LeaseUse,
    ) {
        let Some(node) = self.node_of(device) else {
            return;
        };
        self.around.journal.record_usage(Usage::Leased {
            pool: self.options.name.clone(),
            node: node.id.clone(),
            device: device.clone(),
            lease,
            function: function.clone(),
            from,
            to,
            purpose,
        });
    }
}
