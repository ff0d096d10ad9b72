//! The functions on offer now; a task keeps those that were on offer when it was accepted (J4).

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use dice_catalog::{Catalog, Entry};
use dice_model::{CallFailure, Digest, FailureKind, FunctionId};
use dice_scheduler::Profile;

#[derive(Debug, Default)]
pub(crate) struct Offers(RwLock<Option<Arc<Offer>>>);

#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) catalog: Catalog,
    pub(crate) profiles: HashMap<FunctionId, Profile>,
    /// Of the blob that holds the catalog.
    pub(crate) blob: Digest,
}

impl Offers {
    /// Gives back what was on offer before.
    pub(crate) fn replace(&self, offer: Arc<Offer>) -> Option<Arc<Offer>> {
        self.0
            .write()
            .expect("nothing panics while it holds this")
            .replace(offer)
    }

    pub(crate) fn now(&self) -> Option<Arc<Offer>> {
        self.0
            .read()
            .expect("nothing panics while it holds this")
            .clone()
    }

    /// Is exactly this version on offer now?
    pub(crate) fn has(&self, pinned: &Entry) -> bool {
        let offer = self.0.read().expect("nothing panics while it holds this");
        let now = offer
            .as_ref()
            .and_then(|offer| offer.catalog.get(pinned.name()));
        now.is_some_and(|now| now.spec.version == pinned.spec.version)
    }

    /// May a call of a task that pinned `pinned` run on what is there now (J4)?
    pub(crate) fn serves(&self, pinned: &Entry) -> Result<(), CallFailure> {
        let offer = self.now();
        let now = offer
            .as_ref()
            .and_then(|offer| offer.catalog.get(pinned.name()));
        match now {
            Some(now) if now.spec.version == pinned.spec.version => Ok(()),
            Some(now) if is_alike(pinned, now) => {
                let (old, new) = (pinned.spec.version, now.spec.version);
                tracing::warn!(function = pinned.name(), %old, %new, "a call runs on a newer version");
                Ok(())
            }
            _ => Err(CallFailure::new(
                FailureKind::WorkerLost,
                "the version that this task began with is not on offer any more",
            )),
        }
    }
}

fn is_alike(pinned: &Entry, now: &Entry) -> bool {
    pinned.parameters_schema() == now.parameters_schema()
        && pinned.result_schema() == now.result_schema()
        && pinned.spec.effect == now.spec.effect
        && pinned.spec.state == now.spec.state
        && pinned.spec.idempotent == now.spec.idempotent
}
