//! Calls over HTTP/1.1, each caller with a connection that is kept.

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;

use crate::load::Caller;

pub(crate) struct HttpCaller {
    sender: SendRequest<Full<Bytes>>,
    path: &'static str,
    body: Bytes,
}

/// `{"value": …}` of about this many bytes.
pub(crate) fn body(bytes: usize) -> Bytes {
    let value = "x".repeat(bytes);
    format!(r#"{{"value":"{value}"}}"#).into()
}

impl HttpCaller {
    pub(crate) async fn dial(port: u16, path: &'static str, body: Bytes) -> anyhow::Result<Self> {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, path, body })
    }
}

impl Caller for HttpCaller {
    async fn call(&mut self) -> anyhow::Result<()> {
        let request = Request::post(self.path)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(self.body.clone()))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let answer = response.into_body().collect().await?.to_bytes();
        ensure!(
            status.is_success(),
            "{status}: {}",
            String::from_utf8_lossy(&answer[..answer.len().min(300)])
        );
        // What came back is what was sent, whatever is around it.
        let sent = self.body.len() - r#"{"value":""}"#.len();
        let back = answer.iter().filter(|byte| **byte == b'x').count();
        ensure!(back >= sent, "{back} of {sent} bytes came back");
        Ok(())
    }
}

/// Ready once somebody listens and answers.
pub(crate) async fn answers(port: u16, path: &'static str) -> anyhow::Result<()> {
    let mut caller = HttpCaller::dial(port, path, body(0)).await?;
    caller.call().await.context("it does not answer")
}
