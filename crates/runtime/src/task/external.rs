//! A program outside the sandbox, seen as a program: `python` with `HERMOD_URL` (RUNTIME V3).

use std::time::Duration;

use dice_model::TaskEnd;
use dice_wire::{ClientFrame, FrameError, Framed, ToClient};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;

use crate::{ProgramEvent, RunningProgram, events_of};

const EVENTS: usize = 256;

/// The program, and what must be polled for it to be heard: the connection.
pub(crate) fn external_program<Io: AsyncRead + AsyncWrite + Unpin>(
    peer: Framed<Io, ClientFrame, ToClient>,
    heartbeat: Duration,
) -> (RunningProgram, impl Future<Output = ()>) {
    let (events_in, events) = mpsc::channel(EVENTS);
    let (control, orders) = mpsc::channel(EVENTS);
    let running = RunningProgram {
        events: events_of(events),
        control,
    };
    (running, serve(peer, events_in, orders, heartbeat))
}

async fn serve<Io: AsyncRead + AsyncWrite + Unpin>(
    peer: Framed<Io, ClientFrame, ToClient>,
    events: mpsc::Sender<ProgramEvent>,
    mut orders: mpsc::Receiver<ToClient>,
    heartbeat: Duration,
) {
    let (mut sink, mut stream) = peer.split();
    let listen = async {
        let detail = loop {
            // Silence is no sign of death: a program that computes does not answer.
            match stream.next().await {
                None => break "the program left without a word".to_owned(),
                Some(Err(error)) => break format!("its connection broke: {error}"),
                Some(Ok(ClientFrame::Ping {} | ClientFrame::Pong {})) => {}
                Some(Ok(frame)) => {
                    let is_last = frame == ClientFrame::Bye {};
                    let heard = events.send(ProgramEvent::Client(frame)).await;
                    if heard.is_err() || is_last {
                        return;
                    }
                }
            }
        };
        let crashed = ProgramEvent::Ended(TaskEnd::Crashed { detail });
        // If nobody listens, the task has ended otherwise.
        let _ = events.send(crashed).await;
    };
    let speak = async {
        let mut beat = tokio::time::interval(heartbeat);
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    None => return Ok::<(), FrameError>(()),
                    Some(order) => sink.feed(order).await?,
                },
                _ = beat.tick() => sink.feed(ToClient::Ping {}).await?,
            }
            while let Ok(order) = orders.try_recv() {
                sink.feed(order).await?;
            }
            sink.flush().await?;
        }
    };
    // A listener that has ended still lets the last words out: the task drops the other end.
    let ((), _broken) = tokio::join!(listen, speak);
}
