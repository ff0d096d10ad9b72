//! Finds the engine of a data folder, or becomes it (RUNTIME P6).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dice_engine::{Engine, Hedge, LanguageModel, OpenError, Options};
use dice_runtime::{BlobsPlace, Durability, JournalPlace, StartError};
use dice_server::Listening;
use tokio_util::sync::CancellationToken;

use crate::arguments::{EngineArguments, Global};
use crate::client::{Address, Client};
use crate::exit::Failure;
use crate::steps::Steps;
use crate::watchers::Watchers;

/// How long programs and workers may take to end by themselves.
const GRACE: Duration = Duration::from_secs(3);
/// How long killing them may take, for somebody who has pressed Ctrl-C twice.
const IMPATIENCE: Duration = Duration::from_millis(500);
/// For requests that are being answered when Ctrl-C is pressed.
const FAREWELL: Duration = Duration::from_millis(500);
/// For tasks of other commands that follow them through this process's engine.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);
/// What an S3 service needs to be reached.
const STORE_HINT: &str = "--blobs reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a service \
                          that is not Amazon's, AWS_ENDPOINT; the bucket must be there";
/// How long another process may take from taking the lock to listening.
const STARTING: Duration = Duration::from_secs(120);

/// A client, and the engine behind it where this process has it.
#[derive(Debug)]
pub(crate) struct Connection {
    client: Client,
    own: Option<Own>,
    interrupt: CancellationToken,
}

/// What an engine is started for, where one has to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purpose {
    pub(crate) language_model: LanguageModel,
    /// Go on with unfinished tasks.
    pub(crate) resume: bool,
}

impl Default for Purpose {
    fn default() -> Self {
        Self {
            language_model: LanguageModel::Configured,
            resume: true,
        }
    }
}

#[derive(Debug)]
struct Own {
    engine: Arc<Engine>,
    listening: Listening,
    watchers: Watchers,
}

impl Connection {
    /// The engine at `--server`, or the one that has the data folder, or a new one for this command.
    pub(crate) async fn open(global: &Global) -> anyhow::Result<Self> {
        Self::open_with(global, Purpose::default()).await
    }

    /// The same, to look and not to run anything: unfinished tasks stay as they are.
    pub(crate) async fn look(global: &Global) -> anyhow::Result<Self> {
        let purpose = Purpose {
            resume: false,
            ..Purpose::default()
        };
        Self::open_with(global, purpose).await
    }

    pub(crate) async fn open_with(global: &Global, purpose: Purpose) -> anyhow::Result<Self> {
        if let Some(url) = &global.server {
            return Ok(Self::remote(Client::from_url(url)?));
        }
        let data = data_folder(global)?;
        let socket = dice_server::socket_path(&data);
        let mut told = false;
        let give_up = tokio::time::Instant::now() + STARTING;
        loop {
            if tokio::net::UnixStream::connect(&socket).await.is_ok() {
                return Self::running(&global.engine, &socket);
            }
            // Whoever has the folder may be starting, or be on its way out.
            match start(global, data.clone(), purpose, None).await {
                Ok(own) => return Ok(Self::own(own)),
                Err(error) if is_taken(&error) && tokio::time::Instant::now() < give_up => {
                    if !std::mem::replace(&mut told, true) {
                        anstream::eprintln!("{error}; waiting for it");
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// A new engine that listens on TCP too; an error if there is one already.
    pub(crate) async fn serve(global: &Global, tcp: SocketAddr) -> anyhow::Result<Self> {
        if global.server.is_some() {
            return Err(
                Failure::usage("`dice up` starts a server; --server names another one").into(),
            );
        }
        let data = data_folder(global)?;
        let started = start(global, data, Purpose::default(), Some(tcp)).await;
        Ok(Self::own(started.map_err(|error| {
            if is_taken(&error) {
                let hint = "stop the other one, or use another folder with --data";
                return Failure::usage(error.to_string()).hint(hint).into();
            }
            error
        })?))
    }

    fn remote(client: Client) -> Self {
        Self {
            client,
            own: None,
            interrupt: interrupts(None),
        }
    }

    fn own(own: Own) -> Self {
        let client = Client::new(Address::Unix(own.listening.socket().to_owned()));
        Self {
            client,
            interrupt: interrupts(Some(Arc::clone(&own.engine))),
            own: Some(own),
        }
    }

    /// The engine that is there was set up by somebody else: what this command asks for cannot hold.
    fn running(arguments: &EngineArguments, socket: &Path) -> anyhow::Result<Self> {
        if arguments != &EngineArguments::default() {
            return Err(Failure::usage(
                "an engine is running on this data folder already, with its own functions and fleet",
            )
            .hint("leave out --functions, --fleet, --prices, --concurrency, --policy, --weight, --hedge, --idle, \
                   --scale, --keep, --no-memo, --strict-effects, --journal, --blobs and --power-durable, stop the other one, or use \
                   another folder with --data")
            .into());
        }
        Ok(Self::remote(Client::new(Address::Unix(socket.to_owned()))))
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// The engine in this process, if it is here.
    pub(crate) fn engine(&self) -> Option<&Arc<Engine>> {
        self.own.as_ref().map(|own| &own.engine)
    }

    pub(crate) fn listening(&self) -> Option<SocketAddr> {
        self.own.as_ref().and_then(|own| own.listening.tcp())
    }

    pub(crate) fn socket(&self) -> Option<&Path> {
        self.own.as_ref().map(|own| own.listening.socket())
    }

    /// Ready once Ctrl-C was pressed or the process was told to end. A second one ends it at once.
    pub(crate) async fn interrupted(&self) {
        self.interrupt.cancelled().await;
    }

    /// Stops the engine, if it is this process's; no process stays behind.
    pub(crate) async fn close(self) {
        if let Some(own) = self.own {
            // Who followed a task here would lose it; who pressed Ctrl-C does not want to wait.
            let patience = if self.interrupt.is_cancelled() {
                FAREWELL
            } else {
                PATIENCE
            };
            tokio::select! {
                () = own.listening.stop(patience) => {}
                () = self.interrupt.cancelled() => {}
            }
            own.engine.close(GRACE).await;
            own.watchers.finish().await;
        }
    }
}

async fn start(
    global: &Global,
    data: PathBuf,
    purpose: Purpose,
    tcp: Option<SocketAddr>,
) -> anyhow::Result<Own> {
    let socket = dice_server::socket_path(&data);
    let steps = Steps::start(global.verbose > 0);
    let mut options = Options::new(data, cache_folder()?, &socket);
    let arguments = &global.engine;
    if !arguments.functions.is_empty() {
        options.packs.clone_from(&arguments.functions);
    }
    if let Some(fleet) = &arguments.fleet {
        options.fleet.clone_from(fleet);
    }
    options.prices.clone_from(&arguments.prices);
    options.concurrency = arguments.concurrency;
    options.scheduling.policy = arguments.policy.unwrap_or_default();
    let weights = arguments.weights.iter();
    options.scheduling.weights = weights
        .map(|one| (one.tenant.clone(), one.weight))
        .collect();
    let hedge = arguments.hedge.filter(|&percent| percent > 0);
    options.scheduling.hedge = hedge.map(|percent| Hedge {
        share: percent * 10,
        ..Hedge::default()
    });
    options.scheduling.idle_after = arguments.idle.map(|s| Duration::from_secs(s.into()));
    let deadline = arguments.call_deadline;
    options.scheduling.call_deadline = deadline.map(|s| Duration::from_secs(s.into()));
    let scales = arguments.scales.iter();
    options.scheduling.scales = scales
        .map(|one| (one.function.clone(), one.scale))
        .collect();
    for keep in &arguments.keep {
        let time = Duration::from_secs(u64::from(keep.days) * 24 * 3600);
        match &keep.tenant {
            Some(tenant) => drop(options.keep.tenants.insert(tenant.clone(), time)),
            None => options.keep.others = Some(time),
        }
    }
    options.memo = !arguments.no_memo;
    options.strict_effects = arguments.strict_effects;
    if let Some(url) = &arguments.journal {
        options.journal = JournalPlace::Postgres(url.clone());
    }
    if let Some(url) = &arguments.blobs {
        options.blobs = BlobsPlace::store(url);
    }
    if arguments.power_durable {
        options.durability = Durability::Power;
    }
    options.language_model = purpose.language_model;
    options.resume = purpose.resume;
    options.on_step = steps.listener();
    let watchers = Watchers::new(global, &options.data)?;
    options.observers = watchers.observers();
    let engine = Arc::new(Engine::open(options).await.map_err(explained)?);
    let listen = dice_server::Options {
        socket,
        tcp,
        metrics: Arc::clone(&watchers.metrics),
    };
    let listening = Listening::start(engine.clone(), listen).await;
    let listening = listening.map_err(|error| {
        Failure::usage(dice_server::with_causes(&error))
            .hint("give another address with --listen, as in --listen 127.0.0.1:7461")
    })?;
    steps.finish();
    Ok(Own {
        engine,
        listening,
        watchers,
    })
}

/// Engine errors that a person can mend say how.
fn explained(error: OpenError) -> anyhow::Error {
    let hint = match &error {
        OpenError::UnknownPack { .. } | OpenError::EmptyPack { .. } => {
            Some("give --functions a bundled pack's name, or a folder of function files".to_owned())
        }
        OpenError::UnknownFleet { .. } => Some("give --fleet a name or a TOML file".to_owned()),
        OpenError::UnknownPrices { .. } => Some("give --prices a name or a TOML file".to_owned()),
        OpenError::LanguageModel(_) => {
            Some("a language model needs DICE_LLM_URL and DICE_LLM_MODEL; without either, recorded answers are used".to_owned())
        }
        OpenError::Start(StartError::Blobs(_)) => Some(STORE_HINT.to_owned()),
        OpenError::Start(StartError::Journal(error)) | OpenError::Journal(error) if error.is_damage() => {
            Some("`dice fsck` says what is damaged; `dice restore` makes a folder from a backup".to_owned())
        }
        OpenError::Environment(error) => error.hint().map(str::to_owned),
        _ => None,
    };
    let taken = matches!(error, OpenError::Taken { .. });
    match hint {
        _ if taken => error.into(),
        Some(hint) => Failure::usage(told(&error)).hint(hint).into(),
        None => error.into(),
    }
}

/// With what a failed child process said: the reason is there.
fn told(error: &OpenError) -> String {
    let text = dice_server::with_causes(error);
    match error {
        OpenError::Environment(failed) => match failed.stderr() {
            Some(stderr) => format!("{text}\n{}", stderr.trim_end()),
            None => text,
        },
        _ => text,
    }
}

fn is_taken(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::Taken { .. }))
}

pub(crate) fn data_folder(global: &Global) -> anyhow::Result<PathBuf> {
    let folder = match &global.data {
        Some(folder) => folder.clone(),
        None => under_home("XDG_DATA_HOME", ".local/share")?,
    };
    std::fs::create_dir_all(&folder)
        .and_then(|()| folder.canonicalize())
        .map_err(|error| Failure::usage(format!("--data {}: {error}", folder.display())).into())
}

pub(crate) fn cache_folder() -> anyhow::Result<PathBuf> {
    match std::env::var_os("DICE_CACHE") {
        Some(folder) => Ok(folder.into()),
        None => under_home("XDG_CACHE_HOME", ".cache"),
    }
}

fn under_home(variable: &str, otherwise: &str) -> anyhow::Result<PathBuf> {
    let base = match std::env::var_os(variable).filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => std::env::home_dir()
            .ok_or_else(|| Failure::usage("no home folder").hint("set DICE_DATA and DICE_CACHE"))?
            .join(otherwise),
    };
    Ok(base.join("dice"))
}

/// Cancelled by the first SIGINT or SIGTERM; the second ends the process, and kills the engine's
/// workers and programs instead of waiting for them.
fn interrupts(engine: Option<Arc<Engine>>) -> CancellationToken {
    use tokio::signal::unix::{SignalKind, signal};
    let token = CancellationToken::new();
    let interrupted = token.clone();
    tokio::spawn(async move {
        let (Ok(mut interrupt), Ok(mut terminate)) = (
            signal(SignalKind::interrupt()),
            signal(SignalKind::terminate()),
        ) else {
            return;
        };
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if interrupted.is_cancelled() {
                if let Some(engine) = engine {
                    let killed = engine.close(Duration::ZERO);
                    // What cannot be killed is not waited for.
                    let _ = tokio::time::timeout(IMPATIENCE, killed).await;
                }
                std::process::exit(crate::exit::Code::Interrupted as i32);
            }
            interrupted.cancel();
        }
    });
    token
}
