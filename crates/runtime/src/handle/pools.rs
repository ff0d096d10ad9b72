//! Pools of devices, and the functions on offer in all of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use dice_catalog::{Catalog, Entry};
use dice_model::{FunctionId, PoolName, Usage};
use dice_scheduler::Profile;
use tokio::sync::oneshot;

use super::{HELD_BRIEFLY, Handle, OpenPool, RequestError, StartError};
use crate::dispatcher::{Command, Dispatcher, Pool, PoolView, Surroundings};
use crate::offer::Offer;
use crate::{JournalError, PoolOptions};

/// After a crash, a node's bill ends at most so long before the crash.
const HOLD_EVERY: Duration = Duration::from_secs(5);

impl Handle {
    /// From now on these functions, and no others. Tasks keep the catalog that was offered when they
    /// were accepted (RUNTIME J4). A function without a profile is measured by nobody: the scheduler
    /// assumes one.
    pub async fn offer(
        &self,
        catalog: Catalog,
        profiles: HashMap<FunctionId, Profile>,
    ) -> Result<(), RequestError> {
        let text = catalog.to_resources();
        let blob = self.blobs().put(text.as_bytes()).await?;
        let offer = Arc::new(Offer {
            catalog: catalog.clone(),
            profiles,
            blob,
        });
        let before = self.0.shared.offers.replace(Arc::clone(&offer));
        let withdrawn: Vec<FunctionId> = before.map_or_else(Vec::new, |before| {
            let gone = before.catalog.iter().map(|entry| &entry.spec.id);
            let gone = gone.filter(|id| catalog.get(id.as_str()).is_none());
            gone.cloned().collect()
        });
        for pool in self.pools() {
            for function in withdrawn.iter().cloned() {
                pool.send(Command::Withdraw { function }).await;
            }
            offer_to(&pool, &offer).await;
            self.resume(&pool).await?;
        }
        Ok(())
    }

    /// The functions that a task accepted now would see.
    pub fn catalog(&self) -> Catalog {
        let offer = self.0.shared.offers.now();
        offer.map(|offer| offer.catalog.clone()).unwrap_or_default()
    }

    /// Its nodes are held, and so paid for, from now on.
    pub async fn add_pool(&self, options: PoolOptions) -> Result<(), StartError> {
        let name = options.name.clone();
        if self.pool(&name).is_some() {
            return Err(StartError::PoolTwice(name));
        }
        self.hold_nodes(&options);
        let nodes = options.nodes.len();
        let pool = Dispatcher::spawn(options, self.surroundings());
        let holder = self.keep_holding(name.clone());
        let open = OpenPool {
            pool: pool.clone(),
            nodes,
            holder,
        };
        self.0.pools.write().expect(HELD_BRIEFLY).insert(name, open);
        if let Some(offer) = self.0.shared.offers.now() {
            offer_to(&pool, &offer).await;
            self.resume(&pool).await?;
        }
        Ok(())
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings {
            epoch: self.0.house.epoch,
            clock: self.clock().clone(),
            journal: Arc::clone(&self.0.shared.journal),
            launcher: Arc::clone(&self.0.launcher),
            logs: self.logs(),
            secret: self.0.secret.clone(),
            observers: self.0.options.observers.clone(),
        }
    }

    fn hold_nodes(&self, options: &PoolOptions) {
        let now = self.clock().now();
        for node in &options.nodes {
            self.journal().record_usage(Usage::NodeHeld {
                pool: options.name.clone(),
                node: node.id.clone(),
                kind: node.kind.clone(),
                from: now,
                to: now,
            });
        }
    }

    fn keep_holding(&self, pool: PoolName) -> tokio::task::AbortHandle {
        let shared = Arc::downgrade(&self.0.shared);
        let holding = tokio::spawn(async move {
            loop {
                tokio::time::sleep(HOLD_EVERY).await;
                let Some(shared) = shared.upgrade() else {
                    return;
                };
                let now = shared.clock.now();
                if let Err(error) = shared.journal.hold_nodes(pool.clone(), now).await {
                    tracing::error!(%pool, %error, "the bill of its nodes may end too early");
                }
            }
        });
        holding.abort_handle()
    }

    /// Its tasks are paused, its workers stopped within `grace`, its nodes given back. Tasks that
    /// have not ended go on when a pool of this name is added again.
    pub async fn remove_pool(&self, name: &PoolName, grace: Duration) -> Result<(), JournalError> {
        let open = self.0.pools.write().expect(HELD_BRIEFLY).remove(name);
        let Some(open) = open else {
            return Ok(());
        };
        self.pause_tasks(|mailbox| &mailbox.pool == name, grace)
            .await;
        stop(&open.pool, grace).await;
        open.holder.abort();
        let now = self.clock().now();
        self.journal().release_nodes(name.clone(), now).await
    }

    /// What the pools are doing right now.
    pub async fn view(&self) -> Vec<PoolView> {
        let mut views = Vec::new();
        for pool in self.pools() {
            let (answer, view) = oneshot::channel();
            pool.send(Command::View(answer)).await;
            views.extend(view.await.ok());
        }
        views.sort_by(|a, b| a.pool.cmp(&b.pool));
        views
    }
}

async fn offer_to(pool: &Pool, offer: &Offer) {
    for entry in offer.catalog.iter() {
        pool.send(offered(entry, offer)).await;
    }
}

fn offered(entry: &Entry, offer: &Offer) -> Command {
    let profile = offer.profiles.get(&entry.spec.id).cloned();
    Command::Offer {
        function: Arc::new(entry.spec.clone()),
        description: entry.description_digest,
        profile: profile.unwrap_or_default(),
    }
}

/// Ready once no process of the pool's workers is left.
pub(super) async fn stop(pool: &Pool, grace: Duration) {
    let (done, stopped) = oneshot::channel();
    pool.send(Command::Stop { grace, done }).await;
    // A dispatcher that is gone has killed its workers.
    let _ = stopped.await;
}
