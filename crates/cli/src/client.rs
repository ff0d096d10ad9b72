//! A thin client of the server's API, over its Unix socket or TCP.

mod events;

use std::path::PathBuf;

use bytes::Bytes;
use dice_server::api::Problem;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exit::Failure;

pub(crate) use events::Events;

#[derive(Debug, Clone)]
pub(crate) enum Address {
    Unix(PathBuf),
    Tcp(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Client {
    address: Address,
}

trait Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin {}
impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin> Stream for T {}

impl Client {
    pub(crate) fn new(address: Address) -> Self {
        Self { address }
    }

    /// `http://HOST:PORT` or `unix:///path`, as in `HERMOD_URL`.
    pub(crate) fn from_url(url: &str) -> Result<Self, Failure> {
        let address = if let Some(path) = url.strip_prefix("unix://") {
            Address::Unix(path.into())
        } else if let Some(authority) = url.strip_prefix("http://") {
            Address::Tcp(authority.trim_end_matches('/').to_owned())
        } else {
            return Err(Failure::usage(format!("{url}: not a server's address"))
                .hint("expected http://HOST:PORT or unix:///PATH"));
        };
        Ok(Self::new(address))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.read(self.send(Method::GET, path, None).await?).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        let body = serde_json::to_vec(body).expect("API objects are JSON");
        self.read(self.send(Method::POST, path, Some(body.into())).await?)
            .await
    }

    pub(crate) async fn put_bytes(&self, path: &str, body: Bytes) -> anyhow::Result<()> {
        let response = self.send(Method::PUT, path, Some(body)).await?;
        checked(response).await.map(drop)
    }

    /// A stream of server-sent events, each a JSON object of type `T`.
    pub(crate) async fn events<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> anyhow::Result<Events<T>> {
        let body = body.map(|body| {
            serde_json::to_vec(body)
                .expect("API objects are JSON")
                .into()
        });
        let response = checked(self.send(method, path, body).await?).await?;
        Ok(Events::new(response.into_body()))
    }

    async fn read<T: DeserializeOwned>(&self, response: Response<Incoming>) -> anyhow::Result<T> {
        let body = checked(response)
            .await?
            .into_body()
            .collect()
            .await?
            .to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Bytes>,
    ) -> anyhow::Result<Response<Incoming>> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "dice")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body.unwrap_or_default()))?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(self.connect().await?)).await?;
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?)
    }

    async fn connect(&self) -> anyhow::Result<Box<dyn Stream>> {
        Ok(match &self.address {
            Address::Unix(path) => {
                let connected = tokio::net::UnixStream::connect(path).await;
                Box::new(connected.map_err(|error| {
                    Failure::usage(format!("no server at {}: {error}", path.display()))
                        .hint("start one with `dice up`, which says where it listens")
                })?)
            }
            Address::Tcp(authority) => {
                let connected = tokio::net::TcpStream::connect(authority).await;
                Box::new(connected.map_err(|error| {
                    Failure::usage(format!("no server at {authority}: {error}"))
                        .hint("start one with `dice up --listen HOST:PORT`")
                })?)
            }
        })
    }
}

async fn checked(response: Response<Incoming>) -> anyhow::Result<Response<Incoming>> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.into_body().collect().await?.to_bytes();
    let problem = serde_json::from_slice(&body).unwrap_or_else(|_| unexplained(status, &body));
    Err(Failure::from(problem).into())
}

fn unexplained(status: StatusCode, body: &[u8]) -> Problem {
    let detail = format!(
        "the server answered {status}: {}",
        String::from_utf8_lossy(body)
    );
    Problem {
        status: status.as_u16(),
        title: status.to_string(),
        detail,
        hint: None,
    }
}
