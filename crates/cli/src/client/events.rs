//! Server-sent events as a stream of JSON objects.

use std::marker::PhantomData;

use bytes::BytesMut;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::de::DeserializeOwned;

#[derive(Debug)]
pub(crate) struct Events<T> {
    body: Incoming,
    arrived: BytesMut,
    kind: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Events<T> {
    pub(super) fn new(body: Incoming) -> Self {
        Self {
            body,
            arrived: BytesMut::new(),
            kind: PhantomData,
        }
    }

    /// `None` when the server has ended the stream.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<T>> {
        loop {
            if let Some(data) = take_event(&mut self.arrived) {
                return Ok(Some(serde_json::from_str(&data)?));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(frame) => {
                    if let Ok(data) = frame?.into_data() {
                        self.arrived.extend_from_slice(&data);
                    }
                }
            }
        }
    }
}

/// The data of the next whole event; comments (keep-alives) are skipped.
fn take_event(arrived: &mut BytesMut) -> Option<String> {
    loop {
        let end = arrived.windows(2).position(|pair| pair == b"\n\n")?;
        let event = arrived.split_to(end + 2);
        let text = String::from_utf8_lossy(&event);
        let data: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .map(|data| data.strip_prefix(' ').unwrap_or(data))
            .collect();
        if !data.is_empty() {
            return Some(data.join("\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_whole_and_keep_alives_are_skipped() {
        let mut arrived = BytesMut::from(":\n\nevent: x\ndata: {\"a\":\ndata: 1}\n\ndata: 2\n");
        assert_eq!(take_event(&mut arrived).as_deref(), Some("{\"a\":\n1}"));
        assert_eq!(take_event(&mut arrived), None);
        arrived.extend_from_slice(b"\n");
        assert_eq!(take_event(&mut arrived).as_deref(), Some("2"));
    }
}
