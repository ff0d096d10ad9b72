//! Server-sent events from a channel.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use dice_engine::EngineError;
use futures::{Stream, StreamExt as _};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::api::Problem;

/// A client that reads slowly makes the flow wait, and nothing else.
const BUFFERED: usize = 64;

/// Each item is one event, its data a JSON object.
pub(crate) fn sse<T: Serialize + Send + 'static>(
    items: impl Stream<Item = T> + Send + 'static,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = items.map(|item| {
        let data = serde_json::to_string(&item).expect("API objects are JSON");
        Ok(Event::default().data(data))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(10)))
}

/// Runs `flow` and sends what it tells; if it fails, that is the last event. A client that goes away
/// ends the flow at its next event.
pub(crate) fn from_flow<Told, Sent, Flow>(
    flow: impl FnOnce(mpsc::Sender<Told>) -> Flow,
    convert: fn(Told) -> Sent,
    failed: fn(Problem) -> Sent,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>>
where
    Told: Send + 'static,
    Sent: Serialize + Send + 'static,
    Flow: Future<Output = Result<(), EngineError>> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::channel::<Told>(1);
    let (events, out) = mpsc::channel::<Sent>(BUFFERED);
    let flow = tokio::spawn(flow(sender));
    tokio::spawn(async move {
        while let Some(told) = receiver.recv().await {
            if events.send(convert(told)).await.is_err() {
                flow.abort();
                return;
            }
        }
        if let Ok(Err(error)) = flow.await {
            // The client may be gone; then nobody is left to tell.
            let _ = events.send(failed(Problem::from(error))).await;
        }
    });
    sse(ReceiverStream::new(out))
}
