//! The engine at this moment: what its pools do, and what their nodes cost.

use dice_model::{NodeType, PoolName, PricePerHour, Timestamp};
use dice_runtime::PoolView;

use crate::Engine;

#[derive(Debug, Clone)]
pub struct Now {
    pub at: Timestamp,
    pub pools: Vec<PoolView>,
    pub rents: Vec<Rent>,
}

/// The nodes of one type in one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rent {
    pub pool: PoolName,
    pub kind: NodeType,
    pub nodes: usize,
    /// Of all of them; `None`: the price book has no price for the type.
    pub per_hour: Option<PricePerHour>,
}

impl Engine {
    pub async fn now(&self) -> Now {
        let pools = self.runtime().view().await;
        let mut rents = Vec::new();
        for pool in &pools {
            for (kind, &nodes) in &pool.nodes {
                let one = self.prices().price(kind).ok();
                let per_hour = one.map(|price| PricePerHour(price.price.0 * nodes as u64));
                rents.push(Rent {
                    pool: pool.pool.clone(),
                    kind: kind.clone(),
                    nodes,
                    per_hour,
                });
            }
        }
        Now {
            at: self.runtime().clock().now(),
            pools,
            rents,
        }
    }
}
