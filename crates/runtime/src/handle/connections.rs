//! Whoever dials in: workers, programs outside, and the blob streams of both.

use dice_model::{ProgramForm, TaskId};
use dice_wire::{FrameError, HelloBody, Role, ToBlobs, Welcome, WorkerHello};
use futures::SinkExt as _;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Handle, RequestError};
use crate::blobs;
use crate::connection::{Handshake, greet, rewired};
use crate::record::{TaskKind, TaskSpec};
use crate::task::external_program;
use crate::worker::{self, Token};
use crate::{ProgramLimits, RunningProgram};

impl Handle {
    /// Speaks frames with a peer, by its hello, until the connection ends. The caller has brought
    /// the stream to where frames begin.
    pub async fn attach<Io>(&self, io: Io) -> Result<(), FrameError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let Some((hello, handshake)) = greet(io, &self.0.house).await? else {
            return Ok(());
        };
        let HelloBody { role, .. } = hello;
        match role {
            Role::Worker(hello) => self.attach_worker(handshake, hello).await,
            Role::Client { program } => self.attach_client(handshake, program).await,
            Role::Blobs {} => self.attach_blobs(handshake).await,
        }
    }

    async fn attach_worker<Io>(
        &self,
        mut handshake: Handshake<Io>,
        hello: WorkerHello,
    ) -> Result<(), FrameError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let token = Token::verified(&hello.token, &self.0.secret);
        let Some(pool) = token.and_then(|token| self.pool(&token.pool)) else {
            let reason = "this worker was not started from here".to_owned();
            return handshake.send(Welcome::Refused { reason }).await;
        };
        let welcome = |id| self.0.house.welcome(Some(id), None);
        let heartbeat = self.0.house.heartbeat;
        worker::serve(handshake, hello, pool, welcome, heartbeat).await
    }

    async fn attach_client<Io>(
        &self,
        mut handshake: Handshake<Io>,
        program: String,
    ) -> Result<(), FrameError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let spec = match self.external_spec(program) {
            Ok(spec) => spec,
            Err(error) => {
                let reason = error.to_string();
                return handshake.send(Welcome::Refused { reason }).await;
            }
        };
        let accepted = self.journal().accept(spec, self.clock().now()).await;
        let task = match accepted {
            Ok(task) => task,
            Err(error) => {
                let reason = error.to_string();
                return handshake.send(Welcome::Refused { reason }).await;
            }
        };
        handshake
            .send(self.0.house.welcome(None, Some(task)))
            .await?;
        let (running, connection) = external_program(rewired(handshake), self.0.house.heartbeat);
        if let Err(error) = self.attend_external(task, running).await {
            tracing::error!(task = task.0, %error, "a program outside could not be attended");
        }
        connection.await;
        Ok(())
    }

    fn external_spec(&self, program: String) -> Result<TaskSpec, RequestError> {
        let pool = dice_model::PoolName::default();
        let (_, offer) = self.admit(&pool)?;
        self.room_for(1)?;
        Ok(TaskSpec {
            kind: TaskKind::External,
            filename: program,
            form: ProgramForm::Serial,
            inputs: Vec::new(),
            pool,
            tenant: dice_model::Tenant::default(),
            seed: 0,
            deadline: None,
            bounds: crate::Bounds::default(),
            limits: ProgramLimits::default(),
            reuse: true,
            memo: true,
            batch: None,
            catalog: offer.blob,
        })
    }

    async fn attend_external(
        &self,
        task: TaskId,
        running: RunningProgram,
    ) -> Result<(), RequestError> {
        let record = self.task(task).await?;
        let (pool, _) = self.admit(&record.spec.pool)?;
        self.attend(record, &pool, Some(running)).await
    }

    async fn attach_blobs<Io>(&self, mut handshake: Handshake<Io>) -> Result<(), FrameError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send,
    {
        handshake.send(self.0.house.welcome(None, None)).await?;
        let peer = rewired::<_, dice_wire::BlobFrame, ToBlobs>(handshake);
        blobs::serve(self.blobs(), peer).await
    }
}
