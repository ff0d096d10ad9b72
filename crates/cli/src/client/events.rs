//! Server-sent events as a stream of JSON objects.

use std::marker::PhantomData;

use bytes::BytesMut;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::de::DeserializeOwned;

#[derive(Debug)]
pub(crate) struct Events<T> {
    body: Incoming,
    arrived: Arrived,
    kind: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Events<T> {
    pub(super) fn new(body: Incoming) -> Self {
        Self {
            body,
            arrived: Arrived::default(),
            kind: PhantomData,
        }
    }

    /// `None` when the server has ended the stream.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<T>> {
        loop {
            if let Some(data) = self.arrived.take_event() {
                return Ok(Some(serde_json::from_str(&data)?));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(frame) => {
                    if let Ok(data) = frame?.into_data() {
                        self.arrived.bytes.extend_from_slice(&data);
                    }
                }
            }
        }
    }
}

/// What has come and is no whole event yet.
#[derive(Debug, Default)]
struct Arrived {
    bytes: BytesMut,
    /// No event ends before this: an event may be long, and is not to be searched again with each
    /// piece of it that comes.
    searched: usize,
}

impl Arrived {
    /// The data of the next whole event; comments (keep-alives) are skipped.
    fn take_event(&mut self) -> Option<String> {
        loop {
            let rest = &self.bytes[self.searched..];
            let Some(end) = rest.windows(2).position(|pair| pair == b"\n\n") else {
                self.searched = self.bytes.len().saturating_sub(1);
                return None;
            };
            let event = self.bytes.split_to(self.searched + end + 2);
            self.searched = 0;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_taken_whole_and_keep_alives_are_skipped() {
        let mut arrived = Arrived::default();
        arrived
            .bytes
            .extend_from_slice(b":\n\nevent: x\ndata: {\"a\":\ndata: 1}\n\ndata: 2\n");
        assert_eq!(arrived.take_event().as_deref(), Some("{\"a\":\n1}"));
        assert_eq!(arrived.take_event(), None);
        arrived.bytes.extend_from_slice(b"\n");
        assert_eq!(arrived.take_event().as_deref(), Some("2"));
    }

    /// An event of many pieces was searched from its start at each of them: a minute for 100 MB.
    #[test]
    fn a_long_event_is_searched_once() {
        let mut arrived = Arrived::default();
        arrived.bytes.extend_from_slice(b"data: ");
        for piece in 1..=1000 {
            arrived.bytes.extend_from_slice(&[b'x'; 1000]);
            assert_eq!(arrived.take_event(), None);
            assert_eq!(arrived.searched, 5 + piece * 1000);
        }
    }
}
