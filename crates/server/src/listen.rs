//! The listeners: a Unix socket that only its owner may use, and TCP on loopback.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use dice_engine::Engine;
use dice_model::Digest;
use dice_telemetry::Metrics;
use tokio::net::{TcpListener, UnixListener};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::routes;

#[derive(Debug, Clone)]
pub struct Options {
    pub socket: PathBuf,
    pub tcp: Option<SocketAddr>,
    /// What `/metrics` answers; one of the engine's observers.
    pub metrics: Arc<Metrics>,
}

#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("cannot listen on {place}")]
    Bind {
        place: String,
        source: std::io::Error,
    },
    #[error("{0} can be reached from other machines, and nothing here asks who they are")]
    NotLoopback(SocketAddr),
}

/// Listeners that run; dropped, they stop.
#[derive(Debug)]
pub struct Listening {
    tcp: Option<SocketAddr>,
    socket: PathBuf,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// Where the engine of a data folder listens. A path of a Unix socket may have 107 bytes: of a folder
/// with a longer one the socket is in the folder for temporary files.
pub fn socket_path(data: &Path) -> PathBuf {
    let beside = data.join("dice.sock");
    if beside.as_os_str().len() <= 100 {
        return beside;
    }
    let name = Digest::of(data.as_os_str().as_encoded_bytes()).short();
    std::env::temp_dir().join(format!("dice-{name}.sock"))
}

impl Listening {
    pub async fn start(engine: Arc<Engine>, options: Options) -> Result<Self, ListenError> {
        if let Some(address) = options.tcp.filter(|address| !address.ip().is_loopback()) {
            return Err(ListenError::NotLoopback(address));
        }
        let stop = CancellationToken::new();
        let router = routes::router(engine, options.metrics);
        let unix = bind_unix(&options.socket)?;
        let mut listening = Self {
            tcp: None,
            socket: options.socket,
            stop,
            tasks: Vec::new(),
        };
        listening.serve(unix, router.clone());
        if let Some(address) = options.tcp {
            let tcp = TcpListener::bind(address)
                .await
                .map_err(|source| ListenError::Bind {
                    place: address.to_string(),
                    source,
                })?;
            listening.tcp = tcp.local_addr().ok();
            let tcp = tcp.tap_io(|connection| {
                // Without it an answer in two pieces waits for the client's word about the first.
                let _ = connection.set_nodelay(true);
            });
            listening.serve(tcp, router);
        }
        Ok(listening)
    }

    fn serve<L>(&mut self, listener: L, router: Router)
    where
        L: axum::serve::Listener,
        L::Addr: std::fmt::Debug,
    {
        let stopped = self.stop.clone().cancelled_owned();
        let serving = axum::serve(listener, router).with_graceful_shutdown(stopped);
        self.tasks.push(tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "a listener has failed");
            }
        }));
    }

    /// The TCP address, with the port that was chosen for port 0.
    pub const fn tcp(&self) -> Option<SocketAddr> {
        self.tcp
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Takes no new connections, and waits at most so long for the requests that are being answered.
    /// Tasks that others follow are such requests.
    pub async fn stop(mut self, patience: Duration) {
        self.stop.cancel();
        let answered = async {
            for task in &mut self.tasks {
                // A panic in it has been reported where it happened.
                let _ = task.await;
            }
        };
        if tokio::time::timeout(patience, answered).await.is_err() {
            tracing::debug!("a request was not answered to its end");
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.cancel();
        self.tasks.iter().for_each(JoinHandle::abort);
        // It may be gone already.
        let _ = std::fs::remove_file(&self.socket);
    }
}

/// The engine holds the data folder's lock, so a socket that is there already is a dead engine's.
fn bind_unix(socket: &Path) -> Result<UnixListener, ListenError> {
    let failed = |source| ListenError::Bind {
        place: socket.display().to_string(),
        source,
    };
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let listener = UnixListener::bind(socket).map_err(failed)?;
    let owner_only = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(socket, owner_only).map_err(failed)?;
    Ok(listener)
}
