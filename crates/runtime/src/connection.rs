//! Whoever dials in says what it is; the rest of the connection follows from that.

use std::time::Duration;

use dice_model::{Epoch, TaskId, WorkerId};
use dice_wire::{FrameCodec, FrameError, Framed, Hello, HelloBody, PROTOCOL, Welcome};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};

pub(crate) type Handshake<Io> = Framed<Io, Hello, Welcome>;

/// A peer that says nothing is not waited for longer.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// What is said to every peer.
#[derive(Debug, Clone)]
pub(crate) struct House {
    pub(crate) epoch: Epoch,
    pub(crate) heartbeat: Duration,
    pub(crate) pillow: Option<String>,
}

/// The peer's hello; `None`: it was refused, or left.
pub(crate) async fn greet<Io: AsyncRead + AsyncWrite + Unpin>(
    io: Io,
    house: &House,
) -> Result<Option<(HelloBody, Handshake<Io>)>, FrameError> {
    let mut handshake: Handshake<Io> = dice_wire::framed(io);
    let hello = tokio::time::timeout(HELLO_TIMEOUT, handshake.next()).await;
    let Ok(Some(hello)) = hello else {
        return Ok(None);
    };
    let Hello::Hello(hello) = hello?;
    match house.objection(&hello) {
        None => Ok(Some((hello, handshake))),
        Some(reason) => {
            handshake.send(Welcome::Refused { reason }).await?;
            Ok(None)
        }
    }
}

/// The same connection, from here on with other frames; what has arrived already is kept.
pub(crate) fn rewired<Io: AsyncRead + AsyncWrite, In, Out>(
    handshake: Handshake<Io>,
) -> Framed<Io, In, Out>
where
    In: serde::de::DeserializeOwned,
    Out: serde::Serialize,
{
    handshake.map_codec(|_| FrameCodec::default())
}

impl House {
    fn objection(&self, hello: &HelloBody) -> Option<String> {
        if hello.protocol != PROTOCOL {
            let theirs = hello.protocol;
            return Some(format!(
                "this side speaks protocol {PROTOCOL}, not {theirs}: bring both to one version"
            ));
        }
        match &self.pillow {
            Some(ours) if !hello.pillow.is_empty() && *ours != hello.pillow => Some(format!(
                "Pillow {} decodes otherwise than Pillow {ours}, which is used here (RUNTIME V2)",
                hello.pillow
            )),
            _ => None,
        }
    }

    pub(crate) fn welcome(&self, worker: Option<WorkerId>, task: Option<TaskId>) -> Welcome {
        Welcome::Welcome {
            protocol: PROTOCOL,
            epoch: self.epoch,
            heartbeat_ms: u64::try_from(self.heartbeat.as_millis()).unwrap_or(u64::MAX),
            worker,
            task,
        }
    }
}
