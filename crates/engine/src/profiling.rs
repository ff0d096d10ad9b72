//! A function measured on a device of a fleet, and what came out as figures for scheduler and quotes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dice_catalog::{Entry, Type, closest};
use dice_environments::{
    Batch, Environments, Figures, Finding, Fleet, Label, Load, Memory, OnStep,
};
use dice_model::FunctionId;
use dice_profile::{Arguments, Given, Measured, Plan, Progress, Subject, Times};
use dice_wire::DeviceGrant;

use crate::error::{OpenError, ProfileError};
use crate::offer::{self, KnownFigures};
use crate::{hardware, today};

/// The file that `dice profile` keeps in the data folder.
pub fn profile_file(data: &Path) -> PathBuf {
    data.join("profile.toml")
}

/// What is measured where. Needs no engine: it has the device to itself.
#[derive(Clone)]
pub struct ProfilingOptions {
    pub cache: PathBuf,
    /// Bundled packs by name, or folders.
    pub packs: Vec<String>,
    /// A bundled fleet's name, or a file.
    pub fleet: String,
    pub function: String,
    /// A device type of the fleet; `None`: its only one.
    pub device: Option<String>,
    pub on_step: OnStep,
}

/// A function and a device, found and not yet used.
#[derive(Debug)]
pub struct Profiling {
    subject: Subject,
    example: serde_json::Value,
}

/// What was measured, and of what.
#[derive(Debug)]
pub struct Profiled {
    pub finding: Finding,
    pub measured: Measured,
    /// For people: what the calls were made with.
    pub inputs: String,
    pub machine: String,
}

impl Profiling {
    pub async fn open(options: ProfilingOptions) -> Result<Self, ProfileError> {
        let fleet = hardware::fleet(&options.fleet)?;
        let environments = Environments::open(dice_environments::Options {
            cache: options.cache,
            on_step: options.on_step,
        })
        .map_err(OpenError::from)?;
        let offer = offer::discover(
            &environments,
            &options.packs,
            false,
            &KnownFigures::default(),
        )
        .await?;
        let entry = offer.catalog.get(&options.function);
        let entry = entry.ok_or_else(|| ProfileError::UnknownFunction {
            suggestion: closest(&options.function, offer.catalog.names()).map(str::to_owned),
            known: offer.catalog.names().map(str::to_owned).collect(),
            name: options.function.clone(),
        })?;
        let device = device(&fleet, options.device.as_deref())?;
        let source = offer.sources[&entry.spec.id].clone();
        let description = environments.describe(&source.file).await;
        let description = description.map_err(OpenError::from)?;
        let mut described = description.json["functions"]
            .as_array()
            .into_iter()
            .flatten();
        let described = described.find(|one| one["name"] == entry.name());
        Ok(Self {
            example: described.map_or(serde_json::Value::Null, |one| one["example"].clone()),
            subject: Subject {
                environments,
                pack: source.pack,
                file: source.file,
                entry: Arc::clone(entry),
                device,
            },
        })
    }

    pub fn entry(&self) -> &Entry {
        &self.subject.entry
    }

    /// Is this parameter an image or bytes?
    pub fn wants_a_file(&self, parameter: &str) -> bool {
        let parameter = self.entry().parameter(parameter);
        parameter.is_some_and(|parameter| matches!(parameter.kind, Type::Image | Type::Bytes))
    }

    /// Dropped, it leaves no worker behind.
    pub async fn measure(
        &self,
        given: &HashMap<String, Given>,
        plan: &Plan,
        progress: impl FnMut(Progress),
    ) -> Result<Profiled, ProfileError> {
        let arguments = Arguments::choose(&self.subject.entry, &self.example, given)?;
        let measured = dice_profile::measure(&self.subject, &arguments, plan, progress).await?;
        let machine = machine(&self.subject.device);
        let finding = self.finding(&measured, &arguments.told, &machine);
        Ok(Profiled {
            finding,
            measured,
            inputs: arguments.told,
            machine,
        })
    }

    fn finding(&self, measured: &Measured, inputs: &str, machine: &str) -> Finding {
        let (function, device) = (self.subject.entry.name(), &self.subject.device.kind);
        let name = format!("{function}-{device}");
        let inputs = match inputs {
            "" => String::new(),
            inputs => format!(", with {inputs}"),
        };
        Finding {
            function: FunctionId::new(function),
            device: device.clone(),
            source: dice_environments::Source {
                label: Label::Measured,
                text: format!(
                    "{}, dice {} profile on {machine}{inputs}. Medians; low and high: the first and last tenth.",
                    today(),
                    env!("CARGO_PKG_VERSION"),
                ),
            },
            figures: Figures {
                version: Some(self.subject.entry.spec.version),
                load: load(&measured.load, &name),
                memory: Some(Memory {
                    bytes: measured.memory_bytes,
                    source: name.clone(),
                }),
                batches: measured
                    .batches
                    .iter()
                    .map(|(size, times)| batch(*size, times, &name))
                    .collect(),
            },
            name,
        }
    }
}

fn load(times: &Times, source: &str) -> Load {
    Load {
        seconds: seconds(times.median()),
        low: Some(seconds(times.low())),
        high: Some(seconds(times.high())),
        runs: Some(times.runs()),
        source: source.to_owned(),
    }
}

fn batch(size: u32, times: &Times, source: &str) -> Batch {
    Batch {
        size,
        seconds: seconds(times.median()),
        low: Some(seconds(times.low())),
        high: Some(seconds(times.high())),
        runs: Some(times.runs()),
        source: source.to_owned(),
    }
}

/// To the microsecond: what is beyond that is chance.
fn seconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e6
}

/// The first one of its type.
fn device(fleet: &Fleet, wanted: Option<&str>) -> Result<DeviceGrant, ProfileError> {
    if fleet.time_scale.is_some() {
        let fleet = fleet.name.clone();
        return Err(ProfileError::SimulatedFleet { fleet });
    }
    let devices = fleet.nodes.iter().flat_map(|node| {
        let described = node.spec.devices.iter().zip(&node.devices);
        described.map(|(spec, device)| DeviceGrant {
            id: spec.id.clone(),
            kind: spec.kind.clone(),
            memory_bytes: spec.memory_bytes,
            index: device.index,
            threads: device.threads,
        })
    });
    let devices: Vec<DeviceGrant> = devices.collect();
    let mut kinds: Vec<String> = devices.iter().map(|one| one.kind.0.clone()).collect();
    kinds.sort();
    kinds.dedup();
    let wanted = match (wanted, kinds.as_slice()) {
        (Some(wanted), _) => wanted.to_owned(),
        (None, [only]) => only.clone(),
        (None, _) => return Err(ProfileError::WhichDevice { known: kinds }),
    };
    let mut devices = devices.into_iter();
    devices
        .find(|one| one.kind.0 == wanted)
        .ok_or(ProfileError::UnknownDevice {
            name: wanted,
            fleet: fleet.name.clone(),
            known: kinds,
        })
}

/// `Intel(R) Xeon(R) …, 1 thread of 2 cores`
fn machine(device: &DeviceGrant) -> String {
    let cores = dice_environments::Machine::here().cores;
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut lines = about.lines();
    let model = lines.find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or(std::env::consts::ARCH, |(_, model)| model.trim());
    let plural = if device.threads == 1 { "" } else { "s" };
    let processor = format!(
        "{model}, {} thread{plural} of {cores} cores",
        device.threads
    );
    match device.kind.0.as_str() {
        "cpu" => processor,
        kind => format!("one {kind} beside {processor}"),
    }
}

impl ProfilingOptions {
    /// Of the default pack, on the default fleet.
    pub fn new(cache: impl Into<PathBuf>, function: impl Into<String>) -> Self {
        Self {
            cache: cache.into(),
            packs: vec![crate::options::DEFAULT_PACK.to_owned()],
            fleet: crate::options::DEFAULT_FLEET.to_owned(),
            function: function.into(),
            device: None,
            on_step: Arc::new(|_| {}),
        }
    }
}

impl std::fmt::Debug for ProfilingOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProfilingOptions")
            .field("function", &self.function)
            .field("device", &self.device)
            .field("packs", &self.packs)
            .field("fleet", &self.fleet)
            .finish_non_exhaustive()
    }
}
