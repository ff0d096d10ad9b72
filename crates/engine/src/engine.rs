//! The engine: opened once per data folder, shared by every front end.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dice_catalog::Catalog;
use dice_codegen::Llm;
use dice_cost::{PriceBook, TimeScale};
use dice_environments::{Environments, Fleet, Pack, PackProfile};
use dice_model::{Digest, FunctionId, PoolName, TaskState};
use dice_runtime::{Handle, Runtime, TaskFilter};
use dice_scheduler::Profile;
use tokio::fs::File;
use tokio::io::AsyncRead;

use crate::bounds::Guards;
use crate::error::{EngineError, OpenError};
use crate::launcher::ProcessLauncher;
use crate::offer::{self, KnownFigures, Offer};
use crate::profiling::profile_file;
use crate::programs::SandboxedPrograms;
use crate::{Options, Scheduling, hardware, language_model, prices};

/// The bundled pack whose set-up knows the demo's photograph.
const DEMO_PACK: &str = "vision_cpu";

pub struct Engine {
    runtime: Handle,
    environments: Environments,
    programs: SandboxedPrograms,
    catalog: Catalog,
    fleet: Fleet,
    time_scale: TimeScale,
    prices: PriceBook,
    language_model: Box<dyn Llm>,
    strict_effects: bool,
    /// As the packs have them, at their own pace.
    profiles: HashMap<FunctionId, Profile>,
    concurrency: u32,
    scheduling: Scheduling,
    data: PathBuf,
    guards: Guards,
}

impl Engine {
    /// Describes the functions, takes the data folder over, and goes on with its unfinished tasks.
    ///
    /// Fails with [`OpenError::Taken`] if another engine has the data folder.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        let fleet = hardware::fleet(&options.fleet)?;
        let time_scale = prices::time_scale(&fleet);
        let prices = prices::book(options.prices.as_deref())?;
        let language_model = language_model::choose(options.language_model)?;
        let environments = Environments::open(dice_environments::Options {
            cache: options.cache.clone(),
            on_step: options.on_step.clone(),
        })?;
        let Offer {
            catalog,
            sources,
            profiles,
            real_profiles,
        } = offer::discover(
            &environments,
            &options.packs,
            options.strict_effects,
            &KnownFigures {
                kept: PackProfile::read(&profile_file(&options.data))?,
                time_scale: fleet.time_scale,
                devices: hardware::device_types(&fleet),
            },
        )
        .await?;

        let programs = SandboxedPrograms::new(environments.clone());
        let launcher =
            ProcessLauncher::new(environments.clone(), sources, options.url, fleet.time_scale);
        let concurrency = options
            .concurrency
            .unwrap_or_else(|| hardware::default_concurrency(&fleet, &catalog));
        let mut runtime = dice_runtime::Options::new(&options.data);
        runtime.journal = options.journal;
        runtime.blobs = options.blobs;
        runtime.durability = options.durability;
        runtime.keep = options.keep;
        if !options.memo {
            runtime.memo = None;
        }
        runtime.observers = options.observers;
        runtime.pillow = environments.sdk().pillow();
        runtime.worth = Some(hardware::worth(&fleet, &prices, time_scale));
        runtime.pools = vec![hardware::pool(&fleet, concurrency, &options.scheduling)];
        let runtime =
            Runtime::start(runtime, Arc::new(programs.clone()), Arc::new(launcher)).await?;
        programs.read_blobs_from(runtime.blobs());
        end_abandoned_baselines(&runtime).await?;
        if options.resume {
            runtime.offer(catalog.clone(), profiles).await?;
        }
        let engine = Self {
            runtime,
            environments,
            programs,
            catalog,
            fleet,
            time_scale,
            prices,
            language_model,
            strict_effects: options.strict_effects,
            profiles: real_profiles,
            concurrency,
            scheduling: options.scheduling,
            data: options.data,
            guards: Guards::default(),
        };
        if options.resume {
            engine.keep_within_again().await?;
        }
        Ok(engine)
    }

    /// The functions on offer.
    pub const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// For connections that speak frames, and for what is going on right now.
    pub const fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// `1 × local-cpu (2 devices)`
    pub fn hardware(&self) -> String {
        hardware::describe(&self.fleet.nodes)
    }

    /// Stores an input's bytes, a piece at a time. `claimed`: others are refused.
    pub async fn store(
        &self,
        bytes: impl AsyncRead + Unpin,
        claimed: Digest,
    ) -> Result<(), EngineError> {
        let blobs = self.runtime.blobs();
        blobs.put_stream(bytes, Some(claimed)).await?;
        Ok(())
    }

    /// To be read; `None`: there is no such blob.
    pub async fn stored(&self, digest: Digest) -> Result<Option<File>, EngineError> {
        match self.runtime.blobs().open_file(digest).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A photograph of parked cars, fetched into the cache when first asked for.
    pub async fn demo_photograph(&self) -> Result<PathBuf, OpenError> {
        let folder = self.environments.bundled_pack(DEMO_PACK)?;
        let pack = Pack::find(&folder.ok_or_else(|| OpenError::unknown_pack(DEMO_PACK))?)?;
        let script = pack
            .setup
            .ok_or_else(|| OpenError::unknown_pack(DEMO_PACK))?;
        let made = self.environments.run_setup(&script, "photo").await?;
        made.into_iter()
            .next()
            .ok_or_else(|| OpenError::unknown_pack(DEMO_PACK))
    }

    /// Stops everything; no process stays behind. Unfinished tasks go on at the next start.
    pub async fn close(&self, grace: Duration) {
        self.guards.stop();
        if let Err(error) = self.runtime.shutdown(grace).await {
            tracing::error!(%error, "the journal could not be closed in order");
        }
    }

    pub(crate) const fn guards(&self) -> &Guards {
        &self.guards
    }

    pub(crate) const fn programs(&self) -> &SandboxedPrograms {
        &self.programs
    }

    pub(crate) const fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    pub(crate) const fn time_scale(&self) -> TimeScale {
        self.time_scale
    }

    pub(crate) const fn prices(&self) -> &PriceBook {
        &self.prices
    }

    pub(crate) fn language_model(&self) -> &dyn Llm {
        self.language_model.as_ref()
    }

    pub(crate) const fn profiles(&self) -> &HashMap<FunctionId, Profile> {
        &self.profiles
    }

    /// Tasks at once.
    pub(crate) const fn concurrency(&self) -> u32 {
        self.concurrency
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &std::path::Path {
        &self.data
    }

    pub(crate) const fn scheduling(&self) -> &Scheduling {
        &self.scheduling
    }

    pub(crate) const fn strict_effects(&self) -> bool {
        self.strict_effects
    }
}

/// A comparison dies with its engine, and its monolith's pool is not made again.
async fn end_abandoned_baselines(runtime: &Handle) -> Result<(), OpenError> {
    let filter = TaskFilter {
        states: vec![TaskState::Accepted, TaskState::Running],
        ..TaskFilter::default()
    };
    for task in runtime.tasks(filter).await? {
        if task.spec.pool != PoolName::default() {
            runtime.cancel(task.id).await?;
        }
    }
    Ok(())
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("runtime", &self.runtime)
            .finish_non_exhaustive()
    }
}
