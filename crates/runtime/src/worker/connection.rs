//! A worker's connection: its frames to the dispatcher, the dispatcher's to it, and the heartbeat.

use std::time::Duration;

use dice_wire::{FrameError, Framed, ToWorker, Welcome, WorkerFrame, WorkerHello};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};

use crate::connection::{Handshake, rewired};
use crate::dispatcher::{Pool, WorkerCommand};

/// Frames that a worker may leave unread before it is taken for dead.
const OUTGOING: usize = 4096;

type Io<T> = Framed<T, WorkerFrame, ToWorker>;

/// Until either side closes it, or the worker is silent for three heartbeats.
pub(crate) async fn serve<T: AsyncRead + AsyncWrite + Unpin>(
    mut handshake: Handshake<T>,
    hello: WorkerHello,
    pool: Pool,
    welcome: impl FnOnce(dice_model::WorkerId) -> Welcome,
    heartbeat: Duration,
) -> Result<(), FrameError> {
    let (outgoing, frames) = mpsc::channel(OUTGOING);
    let (answer, arrived) = oneshot::channel();
    pool.send_worker(WorkerCommand::Arrived {
        hello,
        outgoing,
        answer,
    })
    .await;
    let arrived = arrived
        .await
        .unwrap_or_else(|_| Err("this pool has stopped".to_owned()));
    let (worker, connection) = match arrived {
        Ok(arrived) => arrived,
        Err(reason) => {
            tracing::warn!(reason, "a worker was refused");
            return handshake.send(Welcome::Refused { reason }).await;
        }
    };
    handshake.send(welcome(worker)).await?;
    let (sink, stream) = rewired::<_, WorkerFrame, ToWorker>(handshake).split();
    let result = tokio::select! {
        result = speak(sink, frames, heartbeat) => result,
        result = listen(stream, &pool, worker, heartbeat) => result,
    };
    match &result {
        Ok(()) | Err(FrameError::Io(_)) => {}
        // It dials again, and may fail again the same way.
        Err(error) => tracing::warn!(%worker, %error, "a worker's connection was given up"),
    }
    pool.send_worker(WorkerCommand::Left { worker, connection })
        .await;
    tokio::spawn(async move {
        tokio::time::sleep(heartbeat * 3).await;
        pool.send_worker(WorkerCommand::Overdue { worker, connection })
            .await;
    });
    result
}

async fn speak<T: AsyncRead + AsyncWrite + Unpin>(
    mut sink: SplitSink<Io<T>, ToWorker>,
    mut frames: mpsc::Receiver<ToWorker>,
    heartbeat: Duration,
) -> Result<(), FrameError> {
    let mut beat = tokio::time::interval(heartbeat);
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                None => return Ok(()),
                Some(frame) => sink.feed(frame).await?,
            },
            _ = beat.tick() => sink.feed(ToWorker::Ping {}).await?,
        }
        while let Ok(frame) = frames.try_recv() {
            sink.feed(frame).await?;
        }
        sink.flush().await?;
    }
}

async fn listen<T: AsyncRead + AsyncWrite + Unpin>(
    mut stream: SplitStream<Io<T>>,
    pool: &Pool,
    worker: dice_model::WorkerId,
    heartbeat: Duration,
) -> Result<(), FrameError> {
    loop {
        let frame = tokio::time::timeout(heartbeat * 3, stream.next()).await;
        match frame {
            Err(_silent) => return Ok(()),
            Ok(None) => return Ok(()),
            Ok(Some(frame)) => {
                let frame = frame?;
                pool.send_worker(WorkerCommand::Frame { worker, frame })
                    .await;
            }
        }
    }
}
