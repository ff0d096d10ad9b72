//! How far a live run is from the least that its work could have cost (RUNTIME M3).

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use dice_cost::{
    Bill, BillError, Floor, FloorError, FloorWork, Observed, fleet_floor, market_floor,
};
use dice_model::{CallRef, Cost, DeviceType, NodeSpec, NodeType, Usage};

use crate::Engine;

/// Lower bounds for what was rented. What work there was, and how long it takes, is as the run itself
/// showed it and its profiles say: so the gap is no surer than `error`, and may be negative by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Floors {
    /// The least on the nodes that were rented.
    pub fleet: Floor,
    /// The least on any nodes of the price book whose devices are known.
    pub market: Floor,
    pub market_nodes: Vec<NodeType>,
    /// What was rented over the fleet's floor: 0.1 is ten per cent more.
    pub gap: f64,
    /// How far leases were from their profiles, as a part of all leased time.
    pub error: f64,
}

impl Engine {
    /// Times stretched.
    pub(crate) fn observed(
        &self,
        usage: &[Usage],
        in_vain: &HashSet<CallRef>,
    ) -> Result<Observed, BillError> {
        let kinds = self.kinds();
        let profiled = |function: &_, kind: &_| self.profiled(function, kind);
        Observed::new(usage, &self.nodes(), &kinds, profiled, in_vain)
    }

    /// Every type of device that the fleet or the price book has.
    fn kinds(&self) -> BTreeSet<DeviceType> {
        let nodes = self.nodes();
        let here = nodes.iter().flat_map(|node| &node.devices);
        let here = here.map(|device| device.kind.clone());
        let offers = self.prices().offers();
        here.chain(offers.into_values().flatten()).collect()
    }

    /// `None`: nothing was executed. `path`: the longest that a task needs if it never waits.
    pub(crate) fn floors(
        &self,
        bill: &Bill,
        observed: &Observed,
        path: Duration,
    ) -> Result<Option<Floors>, FloorError> {
        let rented: Vec<NodeSpec> = self.rented(bill);
        if observed.work.is_empty() || rented.is_empty() {
            return Ok(None);
        }
        let fleet = fleet_floor(&observed.work, &rented, self.prices(), path)?;
        let market_nodes = self.market(&rented, &observed.work);
        let market = market_floor(&observed.work, &market_nodes, self.prices(), path)?;
        Ok(Some(Floors {
            gap: gap(bill.rented, fleet.cost),
            fleet,
            market,
            market_nodes: market_nodes.into_keys().collect(),
            error: observed.error,
        }))
    }

    fn rented(&self, bill: &Bill) -> Vec<NodeSpec> {
        let held: BTreeSet<_> = bill.nodes.iter().map(|line| &line.node).collect();
        let nodes = self.nodes().into_iter();
        nodes.filter(|node| held.contains(&node.id)).collect()
    }

    /// What the book offers and what is rented, as far as any of the work can run there.
    fn market(
        &self,
        rented: &[NodeSpec],
        work: &[FloorWork],
    ) -> BTreeMap<NodeType, Vec<DeviceType>> {
        let mut offers = self.prices().offers();
        for node in rented {
            let kinds = node.devices.iter().map(|device| device.kind.clone());
            offers.insert(node.kind.clone(), kinds.collect());
        }
        let useful = |kind: &DeviceType| work.iter().any(|one| one.per_call.contains_key(kind));
        offers.retain(|node, kinds| kinds.iter().any(useful) && self.prices().price(node).is_ok());
        offers
    }
}

pub(crate) fn gap(cost: Cost, floor: Cost) -> f64 {
    if floor == Cost::ZERO {
        return 0.0;
    }
    cost.as_usd() / floor.as_usd() - 1.0
}
