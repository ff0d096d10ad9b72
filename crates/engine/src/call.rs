//! One call for somebody who does not speak frames (RUNTIME V3): a program outside, with one call.

use dice_model::{FunctionId, Outcome, Value};
use dice_runtime::Called;
use dice_wire::{ClientFrame, Hello, HelloBody, PROTOCOL, Role, ToClient, Welcome, framed};
use futures::{SinkExt as _, StreamExt as _};

use crate::{Engine, EngineError};

/// Arguments and results larger than this go through the pipe in pieces.
const PIPE_BYTES: usize = 1 << 16;

impl Engine {
    /// `arguments`: a map by name. The call is a task of kind *external*: billed, not replayed.
    pub async fn call(&self, function: &str, arguments: Value) -> Result<Outcome, EngineError> {
        let arguments = match self.runtime().call(function, arguments).await? {
            Called::Ended(outcome) => return Ok(outcome),
            Called::NeedsTask(arguments) => arguments,
        };
        let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
        let runtime = self.runtime().clone();
        let served = tokio::spawn(async move { runtime.attach(theirs).await });
        let outcome = converse(ours, function, arguments).await;
        served.abort();
        outcome.ok_or(EngineError::CallNotMade)
    }
}

/// `None`: the runtime hung up before there was an outcome.
async fn converse(
    io: tokio::io::DuplexStream,
    function: &str,
    arguments: Value,
) -> Option<Outcome> {
    let mut greeting = framed::<Welcome, Hello, _>(io);
    let hello = HelloBody {
        protocol: PROTOCOL,
        sdk: String::new(),
        pillow: String::new(),
        role: Role::Client {
            program: format!("call of {function}"),
        },
    };
    greeting.send(Hello::Hello(hello)).await.ok()?;
    let Some(Ok(Welcome::Welcome { .. })) = greeting.next().await else {
        return None;
    };
    let mut frames =
        greeting.map_codec(|_| dice_wire::FrameCodec::<ToClient, ClientFrame>::default());
    let function = FunctionId::new(function);
    frames
        .send(ClientFrame::Call {
            id: 0,
            function,
            arguments,
            guess: None,
        })
        .await
        .ok()?;
    while let Some(Ok(frame)) = frames.next().await {
        match frame {
            ToClient::Outcome { outcome, .. } => {
                frames.send(ClientFrame::Bye {}).await.ok()?;
                // The task's end is durable when the runtime hangs up.
                while frames.next().await.is_some() {}
                return Some(outcome);
            }
            ToClient::Ping {} => frames.send(ClientFrame::Pong {}).await.ok()?,
            ToClient::Stop { .. } => return None,
            ToClient::Pong {} => {}
        }
    }
    None
}
