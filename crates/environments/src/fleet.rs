//! Reads a fleet file (`fleets/*.toml`): which nodes are rented, and the baseline's node.

use std::path::{Path, PathBuf};

use dice_model::{DeviceId, DeviceSpec, DeviceType, NodeId, NodeSpec, NodeType};
use serde::Deserialize;

use size::Memory;

mod size;

/// Nodes to run on. The form of the file is told in `fleets/local-cpu.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    pub name: String,
    pub nodes: Vec<Node>,
    /// The monolith's node: one device that holds every model (RUNTIME M5).
    pub baseline: Node,
    /// Factor on simulated latencies; `None`: the devices are those of this machine, time is real.
    pub time_scale: Option<f64>,
}

/// One rented node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub spec: NodeSpec,
    /// In the order of `spec.devices`.
    pub devices: Vec<Device>,
}

/// What [`DeviceSpec`] does not say of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Among the node's devices of this type: for `CUDA_VISIBLE_DEVICES` and its like.
    pub index: u32,
    /// CPU threads that a call may use on it.
    pub threads: u32,
}

/// The machine that a file's `"cores"`, `"all"` and `"share"` are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    pub cores: u32,
    pub memory_bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    #[error("{}: cannot read", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: not a fleet", path.display())]
    Toml {
        path: PathBuf,
        source: Box<toml::de::Error>,
    },
    #[error("{}: {problem}", path.display())]
    Wrong {
        path: PathBuf,
        problem: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    time_scale: Option<f64>,
    nodes: Vec<FileNode>,
    baseline: FileNode,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileNode {
    r#type: String,
    #[serde(default = "one")]
    count: u32,
    devices: Vec<FileDevice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDevice {
    r#type: String,
    #[serde(default = "Count::one")]
    count: Count,
    memory: Memory,
    #[serde(default = "Threads::one")]
    threads: Threads,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(untagged)]
enum Count {
    Number(u32),
    PerCore(Cores),
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Cores {
    Cores,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(untagged)]
enum Threads {
    Number(u32),
    All(All),
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum All {
    All,
}

const fn one() -> u32 {
    1
}

impl Count {
    const fn one() -> Self {
        Self::Number(1)
    }

    fn on(self, machine: Machine) -> u32 {
        match self {
            Self::Number(number) => number,
            Self::PerCore(Cores::Cores) => machine.cores,
        }
    }
}

impl Threads {
    const fn one() -> Self {
        Self::Number(1)
    }

    fn on(self, machine: Machine) -> u32 {
        match self {
            Self::Number(number) => number.max(1),
            Self::All(All::All) => machine.cores,
        }
    }
}

impl Machine {
    /// This one: the cores that this process may use, and the memory that is installed.
    pub fn here() -> Self {
        let cores = std::thread::available_parallelism()
            .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(u32::MAX));
        Self {
            cores,
            memory_bytes: size::installed_memory().unwrap_or(size::ASSUMED_MEMORY),
        }
    }
}

impl Fleet {
    pub fn read(path: &Path, machine: Machine) -> Result<Self, FleetError> {
        let text = std::fs::read_to_string(path).map_err(|source| FleetError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path, machine)
    }

    /// `path` is for messages.
    pub fn parse(text: &str, path: &Path, machine: Machine) -> Result<Self, FleetError> {
        let file: File = toml::from_str(text).map_err(|source| FleetError::Toml {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        file.into_fleet(machine)
            .map_err(|problem| FleetError::Wrong {
                path: path.to_owned(),
                problem,
            })
    }

    pub const fn is_simulated(&self) -> bool {
        self.time_scale.is_some()
    }
}

impl File {
    fn into_fleet(self, machine: Machine) -> Result<Fleet, &'static str> {
        if self
            .time_scale
            .is_some_and(|scale| !(scale > 0.0 && scale.is_finite()))
        {
            return Err("time_scale must be above 0");
        }
        let mut nodes: Vec<Node> = Vec::new();
        for node in &self.nodes {
            for _ in 0..node.count {
                // Entries of one type are numbered through.
                let before = nodes
                    .iter()
                    .filter(|n| n.spec.kind.0 == node.r#type)
                    .count();
                nodes.push(node.expand(&format!("{}-{}", node.r#type, before + 1), machine)?);
            }
        }
        if nodes.is_empty() {
            return Err("a fleet needs at least one node");
        }
        let baseline = self.baseline.expand("baseline", machine)?;
        if self.baseline.count != 1 || baseline.devices.len() != 1 {
            return Err("the baseline is one node with one device");
        }
        Ok(Fleet {
            name: self.name,
            nodes,
            baseline,
            time_scale: self.time_scale,
        })
    }
}

impl FileNode {
    fn expand(&self, name: &str, machine: Machine) -> Result<Node, &'static str> {
        let total: u32 = self.devices.iter().map(|d| d.count.on(machine)).sum();
        if total == 0 {
            return Err("a node needs at least one device");
        }
        let mut specs = Vec::new();
        let mut devices = Vec::new();
        for device in &self.devices {
            for _ in 0..device.count.on(machine) {
                let before = specs
                    .iter()
                    .filter(|spec: &&DeviceSpec| spec.kind.0 == device.r#type)
                    .count();
                let id = format!("{name}/{}-{}", device.r#type.to_lowercase(), before + 1);
                specs.push(DeviceSpec {
                    id: DeviceId(id),
                    kind: DeviceType(device.r#type.clone()),
                    memory_bytes: device.memory.on(machine, total),
                });
                devices.push(Device {
                    index: u32::try_from(before).expect("a node's devices fit in u32"),
                    threads: device.threads.on(machine),
                });
            }
        }
        Ok(Node {
            spec: NodeSpec {
                id: NodeId(name.to_owned()),
                kind: NodeType(self.r#type.clone()),
                devices: specs,
            },
            devices,
        })
    }
}

#[cfg(test)]
mod tests;
