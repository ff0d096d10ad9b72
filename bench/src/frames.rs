//! Calls as programs make them: frames over the Unix socket.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use dice_model::{FunctionId, Value};
use dice_wire::{
    ClientFrame, FrameCodec, Framed, Hello, HelloBody, PROTOCOL, Role, ToClient, Welcome, framed,
};
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::sync::{mpsc, oneshot};

use crate::load::Caller;

const UPGRADE: &[u8] =
    b"GET /hermod HTTP/1.1\r\nHost: hermod\r\nConnection: Upgrade\r\nUpgrade: hermod\r\n\r\n";

type Wire = Framed<UnixStream, ToClient, ClientFrame>;
type Asked = (Value, oneshot::Sender<()>);

/// One program; its callers share the connection, as a program's calls do.
pub(crate) struct FrameCaller {
    asks: mpsc::Sender<Asked>,
    arguments: Value,
}

impl FrameCaller {
    pub(crate) async fn program(
        socket: &Path,
        body: usize,
        callers: usize,
    ) -> anyhow::Result<Vec<Self>> {
        let wire = dial(socket).await?;
        let (asks, asked) = mpsc::channel(callers);
        tokio::spawn(async move {
            if let Err(error) = converse(wire, asked).await {
                eprintln!("a program's connection ended: {error:#}");
            }
        });
        let arguments = Value::map([("value", Value::Text("x".repeat(body)))]);
        let caller = || Self {
            asks: asks.clone(),
            arguments: arguments.clone(),
        };
        Ok((0..callers).map(|_| caller()).collect())
    }
}

impl Caller for FrameCaller {
    async fn call(&mut self) -> anyhow::Result<()> {
        let (answer, answered) = oneshot::channel();
        self.asks.send((self.arguments.clone(), answer)).await?;
        Ok(answered.await?)
    }
}

async fn dial(socket: &Path) -> anyhow::Result<Wire> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(UPGRADE).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    ensure!(head.starts_with(b"HTTP/1.1 101"), "no upgrade");
    let mut greeting = framed::<Welcome, Hello, _>(stream);
    let hello = HelloBody {
        protocol: PROTOCOL,
        sdk: String::new(),
        pillow: String::new(),
        role: Role::Client {
            program: "bench".to_owned(),
        },
    };
    greeting.send(Hello::Hello(hello)).await?;
    match greeting.next().await.context("it hung up")?? {
        Welcome::Welcome { .. } => {}
        refused => bail!("{refused:?}"),
    }
    Ok(greeting.map_codec(|_| FrameCodec::default()))
}

/// Calls out as they are asked for, outcomes back by their numbers.
async fn converse(wire: Wire, mut asked: mpsc::Receiver<Asked>) -> anyhow::Result<()> {
    let (mut sink, mut stream) = wire.split();
    let mut waiting = std::collections::HashMap::new();
    let mut last = 0;
    loop {
        tokio::select! {
            next = asked.recv() => {
                let Some(mut next) = next else {
                    sink.send(ClientFrame::Bye {}).await?;
                    // The task's end is durable when the gateway hangs up.
                    while stream.next().await.is_some() {}
                    return Ok(());
                };
                loop {
                    last += 1;
                    let (arguments, answer) = next;
                    waiting.insert(last, answer);
                    let function = FunctionId::new("echo");
                    sink.feed(ClientFrame::Call { id: last, function, arguments, guess: None }).await?;
                    match asked.try_recv() {
                        Ok(more) => next = more,
                        Err(_) => break,
                    }
                }
                sink.flush().await?;
            }
            frame = stream.next() => match frame.context("it hung up")?? {
                ToClient::Outcome { id, outcome, .. } => {
                    outcome.map_err(|failure| anyhow::anyhow!("{failure}"))?;
                    if let Some(answer) = waiting.remove(&id) {
                        // Nobody may be waiting any more.
                        let _ = answer.send(());
                    }
                }
                ToClient::Ping {} => sink.send(ClientFrame::Pong {}).await?,
                ToClient::Pong {} => {}
                ToClient::Stop { .. } => bail!("it was stopped"),
            },
        }
    }
}
