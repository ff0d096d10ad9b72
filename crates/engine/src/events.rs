//! What a flow tells as it goes on.

use tokio::sync::mpsc;

use crate::EngineError;

/// Where events go; a receiver that is gone stops the flow at its next event.
pub(crate) type Events<Event> = mpsc::Sender<Event>;

/// Fails when nobody listens any more: then the rest would be for nothing.
pub(crate) async fn tell<Event>(events: &Events<Event>, event: Event) -> Result<(), EngineError> {
    let sent = events.send(event).await;
    sent.map_err(|_| EngineError::NobodyListens)
}
