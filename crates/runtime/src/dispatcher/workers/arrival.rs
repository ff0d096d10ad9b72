//! A worker dials in: for the first time, again, or left over from an earlier engine.

use std::time::Duration;

use dice_model::{LeaseId, WorkerId};
use dice_wire::{ToWorker, WorkerHello};
use tokio::sync::mpsc;

use super::{Surroundings, Worker, Workers};
use crate::worker::Token;

/// For what a worker of an earlier engine still executes: its results are welcome (J1).
const LEFT_OVER_GRACE: Duration = Duration::from_secs(600);

impl Workers {
    pub(in crate::dispatcher) fn arrive(
        &mut self,
        hello: &WorkerHello,
        outgoing: mpsc::Sender<ToWorker>,
        around: &Surroundings,
    ) -> Result<(WorkerId, u64), String> {
        let token = Token::verified(&hello.token, &around.secret);
        let token = token.ok_or("this token was not handed out here")?;
        if token.epoch != self.epoch {
            return Ok(self.left_over(hello, outgoing));
        }
        self.check(token.worker, hello)?;
        let now = around.clock.now();
        let worker = self.workers.get_mut(&token.worker).expect("checked");
        worker.connection = Some(outgoing);
        worker.connections += 1;
        worker.heard = Some(now);
        worker.pid = Some(hello.pid);
        worker.send_loads(now);
        worker.send_lost_grants(hello);
        Ok((token.worker, worker.connections))
    }

    fn check(&self, id: WorkerId, hello: &WorkerHello) -> Result<(), String> {
        let worker = self.workers.get(&id).ok_or("this worker was given up")?;
        let spec = &worker.function;
        if spec.id != hello.function || spec.version != hello.version {
            return Err(format!(
                "expected {} of version {}, not {} of version {}",
                spec.id, spec.version, hello.function, hello.version
            ));
        }
        let expected = self.descriptions.get(&(spec.id.clone(), spec.version));
        match expected {
            Some(expected) if *expected != hello.description => Err(format!(
                "{} describes itself otherwise than its catalog entry (RUNTIME C1); describe it anew",
                spec.id
            )),
            _ => Ok(()),
        }
    }

    /// It may bring its results, and is then to end: nobody here supervises its process.
    fn left_over(
        &mut self,
        hello: &WorkerHello,
        outgoing: mpsc::Sender<ToWorker>,
    ) -> (WorkerId, u64) {
        self.last += 1;
        let id = WorkerId(self.last);
        let mut worker = Worker::left_over(hello, outgoing);
        worker.stop(LEFT_OVER_GRACE);
        self.workers.insert(id, worker);
        (id, 1)
    }

    pub(in crate::dispatcher) fn is_left_over(&self, id: WorkerId) -> bool {
        let worker = self.workers.get(&id);
        worker.is_some_and(|worker| worker.process.is_none())
    }

    pub(in crate::dispatcher) fn left(&mut self, id: WorkerId, connection: u64) {
        let Some(worker) = self.workers.get_mut(&id) else {
            return;
        };
        if worker.connections == connection {
            worker.connection = None;
        }
        if worker.process.is_none() {
            self.workers.remove(&id);
        }
    }

    pub(in crate::dispatcher) fn overdue(&mut self, id: WorkerId, connection: u64) {
        if let Some(worker) = self.workers.get_mut(&id)
            && worker.connections == connection
        {
            worker.kill();
        }
    }
}

impl Worker {
    fn left_over(hello: &WorkerHello, outgoing: mpsc::Sender<ToWorker>) -> Self {
        let function = dice_model::FunctionSpec {
            id: hello.function.clone(),
            version: hello.version,
            effect: dice_model::Effect::AssumedPure,
            state: None,
            idempotent: false,
            resources: dice_model::Resources::default(),
            origin: dice_model::Origin::Real,
        };
        Self {
            function: function.into(),
            device: None,
            pid: Some(hello.pid),
            process: None,
            connection: Some(outgoing),
            connections: 1,
            heard: None,
            memory_bytes: None,
            residencies: std::collections::HashMap::new(),
            granted: std::collections::HashMap::new(),
            outgrown: false,
            stopping: true,
        }
    }

    /// What was granted while, or just before, the connection was broken.
    fn send_lost_grants(&mut self, hello: &WorkerHello) {
        let has = |lease: &LeaseId, frame: &ToWorker| {
            let ToWorker::Grant(grant) = frame else {
                return true;
            };
            let kept = |call: &dice_wire::CallGrant| hello.unacknowledged.contains(&call.call);
            hello.running.contains(lease) || grant.calls.iter().any(kept)
        };
        let lost = self
            .granted
            .iter()
            .filter(|(lease, frame)| !has(lease, frame));
        let lost: Vec<ToWorker> = lost.map(|(_, frame)| frame.clone()).collect();
        lost.into_iter().for_each(|frame| self.send(frame));
    }
}
