//! Where the measured worker dials in: a gateway for one worker, with nothing behind it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use dice_model::{Digest, Epoch, WorkerId};
use dice_wire::{
    FrameError, Framed, Hello, HelloBody, PROTOCOL, Role, ToWorker, Welcome, WorkerFrame,
};
use futures::{SinkExt as _, StreamExt as _};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::blobs;

pub(crate) type WorkerConnection = Framed<BufReader<UnixStream>, WorkerFrame, ToWorker>;

/// Nobody watches over the worker but who measures, and a long batch is no reason to hang up.
const HEARTBEAT_MS: u64 = 3_600_000;
const SWITCHED: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: hermod\r\n\r\n";

/// Listens until it is dropped.
pub(crate) struct Gateway {
    folder: TempDir,
    token: String,
    accepting: JoinHandle<()>,
    workers: mpsc::Receiver<WorkerConnection>,
}

impl Gateway {
    /// On a socket in a folder that is this user's alone.
    pub(crate) fn open(blobs: HashMap<Digest, Bytes>) -> std::io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("dice-profile-").tempdir()?;
        let listener = UnixListener::bind(folder.path().join("socket"))?;
        let token = folder.path().display().to_string();
        let (sender, workers) = mpsc::channel(1);
        let accepting = tokio::spawn(accept(listener, Arc::new(blobs), token.clone(), sender));
        Ok(Self {
            folder,
            token,
            accepting,
            workers,
        })
    }

    /// As `HERMOD_URL` says it.
    pub(crate) fn url(&self) -> String {
        format!("unix://{}", self.folder.path().join("socket").display())
    }

    /// For `HERMOD_WORKER_TOKEN`.
    pub(crate) fn token(&self) -> String {
        self.token.clone()
    }

    /// Where the worker's output goes.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The next one that dials in.
    pub(crate) async fn worker(&mut self) -> WorkerConnection {
        self.workers
            .recv()
            .await
            .expect("it is accepted for as long as this is here")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: UnixListener,
    blobs: Arc<HashMap<Digest, Bytes>>,
    token: String,
    workers: mpsc::Sender<WorkerConnection>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (blobs, token, workers) = (Arc::clone(&blobs), token.clone(), workers.clone());
        // It ends when the worker hangs up, which it does when it is stopped.
        tokio::spawn(async move {
            if let Err(error) = greet(stream, &blobs, &token, workers).await {
                tracing::debug!(%error, "a connection was given up");
            }
        });
    }
}

async fn greet(
    stream: UnixStream,
    blobs: &HashMap<Digest, Bytes>,
    token: &str,
    workers: mpsc::Sender<WorkerConnection>,
) -> Result<(), FrameError> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 {
        line.clear();
    }
    stream.write_all(SWITCHED).await?;
    let mut handshake: Framed<_, Hello, Welcome> = dice_wire::framed(stream);
    let Some(Hello::Hello(hello)) = handshake.next().await.transpose()? else {
        return Ok(());
    };
    match answer(&hello, token) {
        Err(reason) => handshake.send(Welcome::Refused { reason }).await,
        Ok(welcome) => {
            handshake.send(welcome).await?;
            match hello.role {
                Role::Blobs {} => blobs::serve(blobs, rewired(handshake)).await,
                _ => {
                    // Whoever measures has stopped meanwhile: nobody takes it.
                    let _ = workers.send(rewired(handshake)).await;
                    Ok(())
                }
            }
        }
    }
}

fn answer(hello: &HelloBody, token: &str) -> Result<Welcome, String> {
    if hello.protocol != PROTOCOL {
        let theirs = hello.protocol;
        return Err(format!(
            "this side speaks protocol {PROTOCOL}, not {theirs}"
        ));
    }
    match &hello.role {
        Role::Worker(worker) if worker.token != token => {
            return Err("this token was not handed out here".to_owned());
        }
        Role::Client { .. } => return Err("a function is being measured here".to_owned()),
        Role::Worker(_) | Role::Blobs {} => {}
    }
    Ok(Welcome::Welcome {
        protocol: PROTOCOL,
        epoch: Epoch(1),
        heartbeat_ms: HEARTBEAT_MS,
        worker: Some(WorkerId(1)),
        task: None,
    })
}

/// The same connection, from here on with other frames; what has arrived already is kept.
fn rewired<In, Out>(
    handshake: Framed<BufReader<UnixStream>, Hello, Welcome>,
) -> Framed<BufReader<UnixStream>, In, Out>
where
    In: serde::de::DeserializeOwned,
    Out: serde::Serialize,
{
    handshake.map_codec(|_| dice_wire::FrameCodec::default())
}
