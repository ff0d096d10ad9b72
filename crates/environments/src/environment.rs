//! One Python environment per set of needs, made by uv and remembered.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dice_model::Digest;
use tokio::sync::OnceCell;

use crate::EnvironmentError;
use crate::cache::Cache;
use crate::child;
use crate::header::Header;
use crate::progress::{OnStep, Step};
use crate::sdk::Sdk;
use crate::uv::Uv;

/// How environments are made.
#[derive(Clone)]
pub struct Options {
    /// The cache folder: `DICE_CACHE`, or `~/.cache/dice`.
    pub cache: PathBuf,
    /// Told of slow steps; they are `tracing` events too.
    pub on_step: OnStep,
}

impl Options {
    pub fn new(cache: impl Into<PathBuf>) -> Self {
        Self {
            cache: cache.into(),
            on_step: Arc::new(|_| {}),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

/// Makes environments, descriptions and workers' commands. Cheap to clone; all clones share the
/// search for uv.
#[derive(Clone)]
pub struct Environments {
    pub(crate) cache: Cache,
    pub(crate) sdk: Sdk,
    pub(crate) on_step: OnStep,
    uv: Arc<OnceCell<Uv>>,
}

impl std::fmt::Debug for Environments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environments")
            .field("cache", &self.cache)
            .field("sdk", &self.sdk)
            .finish_non_exhaustive()
    }
}

impl Environments {
    /// Opens the cache folder and unpacks the SDK into it. Looks for uv only when it is needed.
    pub fn open(options: Options) -> Result<Self, EnvironmentError> {
        let cache = Cache::open(&options.cache)?;
        let sdk = Sdk::unpack(&cache)?;
        let on_step = options.on_step;
        Ok(Self {
            cache,
            sdk,
            on_step: Arc::new(move |step| {
                tracing::info!("{step}");
                on_step(step);
            }),
            uv: Arc::default(),
        })
    }

    pub const fn sdk(&self) -> &Sdk {
        &self.sdk
    }

    /// The cache folder, absolute.
    pub fn cache_path(&self) -> &Path {
        self.cache.root()
    }

    pub async fn uv(&self) -> Result<&Uv, EnvironmentError> {
        self.uv
            .get_or_try_init(|| Uv::find_or_install(&self.cache, &self.on_step))
            .await
    }

    /// The python of an environment with the SDK's needs alone: for the sandbox of programs.
    pub async fn interpreter_python(&self) -> Result<PathBuf, EnvironmentError> {
        self.resolve(self.sdk.needs(), Path::new("the sandbox"))
            .await
    }

    /// The python of a function file's environment: its header's needs and the SDK's.
    pub async fn function_python(&self, file: &Path) -> Result<PathBuf, EnvironmentError> {
        let mut header = read_header(file)?;
        header.add(self.sdk.needs());
        self.resolve(&header, file).await
    }

    /// The python of a script that is not a function: its header's needs alone.
    pub(crate) async fn script_python(&self, file: &Path) -> Result<PathBuf, EnvironmentError> {
        self.resolve(&read_header(file)?, file).await
    }

    /// Equal needs share an environment. The python found is remembered, so that a second start
    /// costs one look at the file system; if uv's cache was cleaned it is made again.
    async fn resolve(&self, header: &Header, file: &Path) -> Result<PathBuf, EnvironmentError> {
        let text = header.to_script();
        let digest = Digest::of(text.as_bytes()).short();
        let remembered = self.cache.path(&["environments", &digest, "python"]);
        if let Some(python) = existing(&remembered) {
            return Ok(python);
        }
        let _lock = self.cache.lock(&format!("environment-{digest}")).await?;
        if let Some(python) = existing(&remembered) {
            return Ok(python);
        }
        let script = self.cache.path(&["environments", &digest, "function.py"]);
        self.cache.write(&script, text.as_bytes())?;
        (self.on_step)(Step::InstallingDependencies {
            file: file.to_owned(),
        });
        self.run_uv(file, &["sync", "--quiet", "--script"], &script)
            .await?;
        let python = self
            .run_uv(file, &["python", "find", "--script"], &script)
            .await?;
        let python = python.trim();
        self.cache.write(&remembered, python.as_bytes())?;
        Ok(PathBuf::from(python))
    }

    async fn run_uv(
        &self,
        file: &Path,
        arguments: &[&str],
        script: &Path,
    ) -> Result<String, EnvironmentError> {
        let wrong = |stderr| EnvironmentError::Dependencies {
            file: file.to_owned(),
            stderr,
        };
        let output = self
            .uv()
            .await?
            .command(arguments)
            .arg(script)
            .output()
            .await
            .map_err(|error| wrong(error.to_string()))?;
        if !output.status.success() {
            return Err(wrong(child::tail(&output.stderr)));
        }
        String::from_utf8(output.stdout).map_err(|error| wrong(error.to_string()))
    }
}

/// The path that a file holds, if there is something.
fn existing(remembered: &Path) -> Option<PathBuf> {
    let python = PathBuf::from(std::fs::read_to_string(remembered).ok()?);
    python.exists().then_some(python)
}

pub(crate) fn read_header(file: &Path) -> Result<Header, EnvironmentError> {
    let source =
        std::fs::read_to_string(file).map_err(EnvironmentError::io(file, "cannot read"))?;
    let mut header = Header::parse(&source).map_err(|source| EnvironmentError::Header {
        file: file.to_owned(),
        source,
    })?;
    if let Some(folder) = file.parent() {
        header.resolve_sources(folder);
    }
    Ok(header)
}

#[cfg(test)]
mod tests;
