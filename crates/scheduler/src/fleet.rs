//! Nodes and devices, indexed by what is free, so that a place is found without looking at them all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use dice_model::{DeviceId, DeviceType, LeaseId, NodeId, NodeSpec, NodeType, Timestamp};

use crate::ModelState;
use crate::function::FunctionIndex;

pub(crate) type DeviceIndex = u32;
pub(crate) type ClassIndex = u32;

/// How good a device is for a function: expected time of one call, then price. The least is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Rank(pub(crate) u64, pub(crate) u64);

#[derive(Debug, Default)]
pub(crate) struct Fleet {
    devices: Vec<Device>,
    vacant: Vec<DeviceIndex>,
    by_id: HashMap<DeviceId, DeviceIndex>,
    nodes: BTreeMap<NodeId, (NodeSpec, Vec<DeviceIndex>)>,
    classes: Vec<Class>,
    idle: usize,
}

/// Devices that are alike in everything that placement asks for.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) kind: DeviceType,
    pub(crate) memory_bytes: u64,
    /// µ$ an hour of the whole node; 0 if unknown.
    pub(crate) price: u64,
    node_kind: NodeType,
    /// Devices without and with a lease.
    pub(crate) idle: BTreeSet<Room>,
    pub(crate) busy: BTreeSet<Room>,
}

/// A device by what is free on it; of equally free ones the greatest has fewest models. Models are
/// spread, since two on one device take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Room {
    free_bytes: u64,
    models: Reverse<usize>,
    device: Reverse<DeviceIndex>,
}

impl Room {
    pub(crate) fn device(&self) -> DeviceIndex {
        self.device.0
    }
}

impl Class {
    /// Devices that are there, but for those that wait for a model to make room.
    pub(crate) fn count(&self) -> usize {
        self.idle.len() + self.busy.len()
    }

    /// Roomiest first, as far as there is room enough.
    pub(crate) fn with_room(
        rooms: &BTreeSet<Room>,
        need: u64,
    ) -> impl Iterator<Item = DeviceIndex> {
        let least = Room {
            free_bytes: need,
            models: Reverse(usize::MAX),
            device: Reverse(DeviceIndex::MAX),
        };
        rooms.range(least..).rev().map(Room::device)
    }
}

#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) class: ClassIndex,
    pub(crate) capacity_bytes: u64,
    pub(crate) present: bool,
    pub(crate) lease: Option<LeaseId>,
    pub(crate) models: Vec<Model>,
    indexed: Option<(Idle, Room)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Idle {
    Yes,
    No,
}

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) function: FunctionIndex,
    pub(crate) state: ModelState,
    /// Counted; 0 while planned.
    pub(crate) memory_bytes: u64,
    /// When it was adopted or its load was asked for.
    pub(crate) since: Timestamp,
    pub(crate) last_used: Timestamp,
    /// It has had a lease since it was loaded.
    pub(crate) served: bool,
    /// As it stands in [`crate::function::Function::idle`].
    pub(crate) rank: Rank,
}

impl Device {
    pub(crate) fn used_bytes(&self) -> u64 {
        self.models.iter().map(|model| model.memory_bytes).sum()
    }

    pub(crate) fn free_bytes(&self) -> u64 {
        self.capacity_bytes.saturating_sub(self.used_bytes())
    }

    pub(crate) fn model(&self, function: FunctionIndex) -> Option<&Model> {
        self.models.iter().find(|model| model.function == function)
    }

    pub(crate) fn model_mut(&mut self, function: FunctionIndex) -> Option<&mut Model> {
        self.models
            .iter_mut()
            .find(|model| model.function == function)
    }

    /// A plan holds what is free, and what will be.
    pub(crate) fn planned(&self) -> Option<FunctionIndex> {
        let mut models = self.models.iter();
        models
            .find(|model| model.state == ModelState::Planned)
            .map(|model| model.function)
    }
}

impl Fleet {
    pub(crate) fn device(&self, index: DeviceIndex) -> &Device {
        &self.devices[index as usize]
    }

    pub(crate) fn device_mut(&mut self, index: DeviceIndex) -> &mut Device {
        &mut self.devices[index as usize]
    }

    pub(crate) fn find(&self, id: &DeviceId) -> Option<DeviceIndex> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn class(&self, index: ClassIndex) -> &Class {
        &self.classes[index as usize]
    }

    pub(crate) fn classes(&self) -> impl Iterator<Item = (ClassIndex, &Class)> {
        (0..).zip(&self.classes)
    }

    /// Devices without a lease, whatever is on them.
    pub(crate) fn idle_devices(&self) -> usize {
        self.idle
    }

    pub(crate) fn count(&self) -> usize {
        self.by_id.len()
    }

    /// Those that are there, in the order in which they came.
    pub(crate) fn devices(&self) -> impl Iterator<Item = (DeviceIndex, &Device)> {
        (0..)
            .zip(&self.devices)
            .filter(|(_, device)| device.present)
    }

    pub(crate) fn node(&self, id: &NodeId) -> Option<&NodeSpec> {
        self.nodes.get(id).map(|(spec, _)| spec)
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = &NodeSpec> {
        self.nodes.values().map(|(spec, _)| spec)
    }

    /// A device whose name is taken is left out.
    pub(crate) fn join(&mut self, node: NodeSpec, price: u64) {
        let mut joined = Vec::new();
        for spec in &node.devices {
            if self.by_id.contains_key(&spec.id) {
                continue;
            }
            let class = self.class_of(&node.kind, &spec.kind, spec.memory_bytes, price);
            let device = Device {
                id: spec.id.clone(),
                class,
                capacity_bytes: spec.memory_bytes,
                present: true,
                lease: None,
                models: Vec::new(),
                indexed: None,
            };
            let index = self.put(device);
            self.by_id.insert(spec.id.clone(), index);
            self.reindex(index);
            joined.push(index);
        }
        self.nodes.insert(node.id.clone(), (node, joined));
    }

    fn put(&mut self, device: Device) -> DeviceIndex {
        if let Some(index) = self.vacant.pop() {
            self.devices[index as usize] = device;
            return index;
        }
        self.devices.push(device);
        u32::try_from(self.devices.len() - 1).expect("fewer than 2³² devices")
    }

    /// The node's devices, which the caller has yet to empty and then to [`Fleet::retire`].
    pub(crate) fn leave(&mut self, id: &NodeId) -> Vec<DeviceIndex> {
        let node = self.nodes.remove(id);
        node.map(|(_, devices)| devices).unwrap_or_default()
    }

    pub(crate) fn retire(&mut self, index: DeviceIndex) {
        let device = self.device_mut(index);
        device.present = false;
        let id = device.id.clone();
        self.by_id.remove(&id);
        self.reindex(index);
        self.vacant.push(index);
    }

    fn class_of(
        &mut self,
        node_kind: &NodeType,
        kind: &DeviceType,
        memory_bytes: u64,
        price: u64,
    ) -> ClassIndex {
        let known = self.classes.iter().position(|class| {
            class.kind == *kind
                && class.memory_bytes == memory_bytes
                && class.node_kind == *node_kind
        });
        let index = known.unwrap_or_else(|| {
            self.classes.push(Class {
                kind: kind.clone(),
                memory_bytes,
                price,
                node_kind: node_kind.clone(),
                idle: BTreeSet::new(),
                busy: BTreeSet::new(),
            });
            self.classes.len() - 1
        });
        u32::try_from(index).expect("fewer than 2³² classes")
    }

    /// To be called whenever a device's lease or memory has changed.
    pub(crate) fn reindex(&mut self, index: DeviceIndex) {
        let device = &mut self.devices[index as usize];
        let open = device.present && device.planned().is_none();
        let idle = match device.lease {
            None => Idle::Yes,
            Some(_) => Idle::No,
        };
        let room = Room {
            free_bytes: device.free_bytes(),
            models: Reverse(device.models.len()),
            device: Reverse(index),
        };
        let now = open.then_some((idle, room));
        let before = std::mem::replace(&mut device.indexed, now);
        if before == now {
            return;
        }
        let class = &mut self.classes[device.class as usize];
        match before {
            Some((Idle::Yes, room)) => {
                class.idle.remove(&room);
                self.idle -= 1;
            }
            Some((Idle::No, room)) => {
                class.busy.remove(&room);
            }
            None => {}
        }
        match now {
            Some((Idle::Yes, room)) => {
                class.idle.insert(room);
                self.idle += 1;
            }
            Some((Idle::No, room)) => {
                class.busy.insert(room);
            }
            None => {}
        }
    }
}
