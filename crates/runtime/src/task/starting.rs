//! How a task comes to run: results that earlier lives left under way, its turn, its program; and the
//! same again when what ran the program has died.

use dice_model::{Digest, TaskEnd};
use tokio::sync::oneshot;

use super::Order;
use super::driver::Driver;
use super::run::Run;
use crate::journal::{Entry, JournalError};
use crate::record::TaskKind;
use crate::{InputFile, RunRequest, RunningProgram};

impl Driver {
    /// Workers may have outlived the engine that granted these calls, and bring their results (J1).
    pub(super) async fn reunite(&mut self) {
        let until = tokio::time::Instant::now() + self.shared.reunion;
        while self.run.history.in_doubt().next().is_some() {
            let executes = self.run.history.in_doubt().any(|known| {
                let lease = known.lease;
                lease.is_some_and(|lease| self.under_way.contains(&lease))
            });
            tokio::select! {
                () = tokio::time::sleep_until(until), if !executes => break,
                Some(news) = self.news.recv() => self.hear(news),
                order = self.orders.recv() => {
                    self.obey(order.unwrap_or(Order::Pause));
                    return;
                }
            }
        }
        let lost = self.run.history.writes_in_doubt().find(|known| {
            let entry = self.catalog.get(&known.function);
            !entry.is_some_and(|entry| entry.spec.idempotent)
        });
        if let Some(known) = lost {
            let (call, function) = (known.call, known.function.clone());
            let at = self.now();
            self.recorder.add(Entry::Uncertain { call, at });
            self.close(TaskEnd::Uncertain { call, function });
        }
    }

    pub(super) async fn wait_for(&mut self, mut start: oneshot::Receiver<()>) {
        while self.closing.is_none() && !self.pausing {
            tokio::select! {
                _ = &mut start => return,
                Some(news) = self.news.recv() => self.hear(news),
                order = self.orders.recv() => self.obey(order.unwrap_or(Order::Pause)),
            }
        }
    }

    pub(super) async fn begin(&mut self) {
        self.run.history.seal();
        let at = self.now();
        self.recorder.add(Entry::Started { at });
        let began = self.run.history.started.unwrap_or(at);
        self.deadline = self.record.spec.deadline.map(|deadline| began + deadline);
        let TaskKind::Program { source } = self.record.spec.kind else {
            return;
        };
        match self.start(source).await {
            Ok(program) => self.program = Some(program),
            Err(detail) => self.close(TaskEnd::Crashed { detail }),
        }
    }

    async fn start(&mut self, source: Digest) -> Result<RunningProgram, String> {
        let blobs = &self.shared.blobs;
        let lost = |error| format!("the program's source is not in the blob store: {error}");
        let source = blobs.get(source).await.map_err(lost)?;
        let spec = &self.record.spec;
        let mut inputs = Vec::with_capacity(spec.inputs.len());
        for input in &spec.inputs {
            let lost =
                |error| format!("the input {} is not in the blob store: {error}", input.name);
            inputs.push(InputFile {
                name: input.name.clone(),
                kind: input.kind,
                blob: input.blob,
                path: blobs.path(input.blob).await.map_err(lost)?,
            });
        }
        let request = RunRequest {
            task: self.id,
            source: String::from_utf8_lossy(&source).into(),
            filename: spec.filename.clone(),
            inputs,
            seed: spec.seed,
            observed: self.run.history.observed.clone(),
            limits: spec.limits,
        };
        let running = self.shared.programs.run(request).await;
        running.map_err(|error| error.to_string())
    }

    /// As another life of the engine would: from the journal, with nothing of the task under way.
    pub(super) async fn start_over(&mut self) -> Result<(), JournalError> {
        self.run = Run::after(self.shared.journal.as_ref(), self.id).await?;
        self.interrupted = false;
        Ok(())
    }
}
