//! What there is to work with: nodes that come and go, functions on offer and not any more.

use dice_model::{FunctionId, FunctionSpec, NodeId, NodeSpec};

use crate::calls::not_offered;
use crate::function::{Function, FunctionIndex};
use crate::leases::Loss;
use crate::{Profile, Scheduler};

impl Scheduler {
    pub(crate) fn node_joined(&mut self, node: NodeSpec) {
        match self.fleet.node(&node.id) {
            Some(known) if *known == node => return,
            Some(_) => self.node_lost(&node.id),
            None => {}
        }
        let price = self
            .options
            .prices
            .get(&node.kind)
            .map_or(0, |price| price.0);
        self.fleet.join(node, price);
        self.measure_all_work();
    }

    pub(crate) fn node_lost(&mut self, node: &NodeId) {
        for device in self.fleet.leave(node) {
            while let Some(model) = self.fleet.device(device).models.first() {
                self.remove_model(device, model.function);
            }
            if let Some(lease) = self.fleet.device(device).lease {
                self.lose_lease(lease, Loss::DeviceGone);
            }
            self.fleet.retire(device);
        }
        self.measure_all_work();
    }

    pub(crate) fn function_offered(&mut self, spec: FunctionSpec, profile: Profile) {
        let Some(index) = self.index_of(&spec.id) else {
            let scale = self.options.scales.get(&spec.id).copied();
            let function = Function::new(spec.clone(), profile, scale.unwrap_or_default());
            let (index, _) = self.functions.insert_full(spec.id, function);
            self.measure_work(u32::try_from(index).expect("fewer than 2³² functions"));
            return;
        };
        let function = self.function_mut(index);
        let other_version = function.spec.version != spec.version;
        function.spec = spec;
        function.profile = profile;
        function.offered = true;
        self.measure_work(index);
        if other_version {
            self.leave_all(index);
        }
    }

    pub(crate) fn function_wanted(&mut self, function: &FunctionId, devices: u32) {
        if let Some(index) = self.index_of(function) {
            let function = self.function_mut(index);
            function.wanted = devices.max(function.scale.least);
        }
    }

    pub(crate) fn function_withdrawn(&mut self, function: &FunctionId) {
        let Some(index) = self.index_of(function) else {
            return;
        };
        self.function_mut(index).offered = false;
        self.function_mut(index).wanted = 0;
        self.fail_queue(index, &not_offered(function));
        self.leave_all(index);
    }

    fn leave_all(&mut self, index: FunctionIndex) {
        let devices: Vec<_> = self.function(index).devices.iter().copied().collect();
        for device in devices {
            self.leave(device, index);
        }
    }
}
