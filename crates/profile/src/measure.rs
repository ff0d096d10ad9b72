//! The measurement: loads first, then batches of every size in turn, so that a slow minute of the
//! machine hits all sizes alike.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dice_catalog::Entry;
use dice_environments::{Environments, Pack};
use dice_model::{Effect, Origin};
use dice_wire::DeviceGrant;

use crate::gateway::Gateway;
use crate::session::{Ready, Session};
use crate::{Arguments, ProfilingError, Times};

/// Of every size before anything counts: caches fill, kernels are chosen, memory is reserved.
const WARM_UPS: u32 = 2;
/// Of every size, however long they take.
const LEAST_RUNS: u32 = 3;

/// The function, and the device it is measured on, which nobody else may use meanwhile.
#[derive(Debug, Clone)]
pub struct Subject {
    pub environments: Environments,
    pub pack: Pack,
    pub file: PathBuf,
    pub entry: Arc<Entry>,
    pub device: DeviceGrant,
}

/// How much is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Starts of a worker.
    pub loads: u32,
    /// Sizes of batches, ascending from 1.
    pub sizes: Vec<u32>,
    /// Of every size.
    pub runs: u32,
    /// No further round of runs begins after this, once there are three.
    pub time: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Load { number: u32, of: u32 },
    WarmUp { size: u32 },
    Round { number: u32, of: u32 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub load: Times,
    /// The most that the worker said it holds.
    pub memory_bytes: u64,
    pub batches: Vec<(u32, Times)>,
    /// A size at which calls failed, and what they said; it and larger ones are left out.
    pub failed: Option<(u32, String)>,
}

impl Plan {
    /// Sizes double up to what one lease may hold.
    pub fn sizes_of(entry: &Entry) -> Vec<u32> {
        let resources = &entry.spec.resources;
        let most = match resources.max_batch_size {
            0 | 1 => resources.concurrency.max(1),
            batch => batch,
        };
        let doubled = (0..).map(|power| 1 << power);
        let mut sizes: Vec<u32> = doubled.take_while(|&size| size < most).collect();
        sizes.push(most);
        sizes
    }
}

/// Starts workers and gives them batches; none is left when it returns or is dropped.
pub async fn measure(
    subject: &Subject,
    arguments: &Arguments,
    plan: &Plan,
    mut progress: impl FnMut(Progress),
) -> Result<Measured, ProfilingError> {
    let function = subject.entry.name();
    if subject.entry.spec.effect == Effect::Write {
        let function = function.to_owned();
        return Err(ProfilingError::Writes { function });
    }
    if subject.entry.spec.origin == Origin::Simulated {
        let function = function.to_owned();
        return Err(ProfilingError::Simulated { function });
    }
    subject.environments.prepare(&subject.pack).await?;
    let gateway = Gateway::open(arguments.blobs.clone());
    let mut gateway = gateway.map_err(ProfilingError::Listen)?;
    let (mut session, load) = load(subject, plan.loads.max(1), &mut gateway, &mut progress).await?;
    let mut runs = Runs::default();
    runs.warm_up(&mut session, arguments, plan, &mut progress)
        .await?;
    runs.rounds(&mut session, arguments, plan, &mut progress)
        .await?;
    session.end().await;
    Ok(Measured {
        load,
        memory_bytes: runs.memory_bytes,
        batches: runs.of_sizes(),
        failed: runs.failed,
    })
}

/// The last one started is measured further.
async fn load(
    subject: &Subject,
    loads: u32,
    gateway: &mut Gateway,
    progress: &mut impl FnMut(Progress),
) -> Result<(Session, Times), ProfilingError> {
    let mut times = Vec::new();
    let mut number = 1;
    loop {
        progress(Progress::Load { number, of: loads });
        let (file, name) = (&subject.file, subject.entry.name());
        let environments = &subject.environments;
        let ready = Session::start(environments, gateway, file, name, &subject.device);
        let Ready { session, load } = ready.await?;
        times.push(load);
        if number == loads {
            let times = Times::new(times).expect("one was pushed just now");
            return Ok((session, times));
        }
        session.end().await;
        number += 1;
    }
}

#[derive(Default)]
struct Runs {
    times: Vec<(u32, Vec<Duration>)>,
    memory_bytes: u64,
    failed: Option<(u32, String)>,
}

impl Runs {
    /// Also finds the sizes that are too large.
    async fn warm_up(
        &mut self,
        session: &mut Session,
        arguments: &Arguments,
        plan: &Plan,
        progress: &mut impl FnMut(Progress),
    ) -> Result<(), ProfilingError> {
        for &size in &plan.sizes {
            progress(Progress::WarmUp { size });
            for _ in 0..WARM_UPS {
                match session.batch(&arguments.values, size).await {
                    Ok(_) => {}
                    Err(ProfilingError::CallFailed { message, .. }) if size > 1 => {
                        self.failed = Some((size, message));
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                }
            }
            self.memory_bytes = self.memory_bytes.max(session.memory_bytes().await?);
            self.times.push((size, Vec::new()));
        }
        Ok(())
    }

    async fn rounds(
        &mut self,
        session: &mut Session,
        arguments: &Arguments,
        plan: &Plan,
        progress: &mut impl FnMut(Progress),
    ) -> Result<(), ProfilingError> {
        let until = Instant::now() + plan.time;
        for number in 1..=plan.runs.max(LEAST_RUNS) {
            if number > LEAST_RUNS && Instant::now() >= until {
                break;
            }
            let of = plan.runs.max(LEAST_RUNS);
            progress(Progress::Round { number, of });
            for (size, times) in &mut self.times {
                times.push(session.batch(&arguments.values, *size).await?);
            }
            self.memory_bytes = self.memory_bytes.max(session.memory_bytes().await?);
        }
        Ok(())
    }

    fn of_sizes(&mut self) -> Vec<(u32, Times)> {
        let times = std::mem::take(&mut self.times).into_iter();
        times
            .filter_map(|(size, times)| Some((size, Times::new(times)?)))
            .collect()
    }
}
