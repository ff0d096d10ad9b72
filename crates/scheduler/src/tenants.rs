//! Fair shares: each tenant is charged the device time it uses, divided by its weight, and the one that
//! has been charged least goes first.

use std::collections::BTreeSet;
use std::time::Duration;

use dice_model::Tenant;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::plan::nanoseconds;

/// Place in the list of tenants; never given to another one.
pub(crate) type TenantIndex = u32;

/// Charged for a call of which nothing is known.
const UNKNOWN: Duration = Duration::from_millis(1);

#[derive(Debug, Default)]
pub(crate) struct Tenants {
    all: IndexMap<Tenant, Account, FxBuildHasher>,
    /// Those with calls that wait or run, by what they were charged.
    active: BTreeSet<(Charged, TenantIndex)>,
}

/// Nanoseconds of devices, divided by weight. Only differences mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Charged(u64);

#[derive(Debug)]
struct Account {
    weight: u64,
    charged: Charged,
    /// Calls without an end.
    open: usize,
}

impl Tenants {
    pub(crate) fn find_or_add(&mut self, tenant: &Tenant, weight: u32) -> TenantIndex {
        let index = self.all.get_index_of(tenant).unwrap_or_else(|| {
            let account = Account {
                weight: u64::from(weight.max(1)),
                charged: Charged::default(),
                open: 0,
            };
            self.all.insert_full(tenant.clone(), account).0
        });
        u32::try_from(index).expect("fewer than 2³² tenants")
    }

    pub(crate) fn name(&self, tenant: TenantIndex) -> &Tenant {
        let (name, _) = self.all.get_index(tenant as usize).expect("tenants stay");
        name
    }

    pub(crate) fn weight(&self, tenant: TenantIndex) -> u64 {
        self.all[tenant as usize].weight
    }

    pub(crate) fn charged(&self, tenant: TenantIndex) -> Charged {
        self.all[tenant as usize].charged
    }

    /// Who has used nothing for a while has saved nothing up: it begins where the least of the others is.
    pub(crate) fn call_issued(&mut self, tenant: TenantIndex) {
        let least = self.active.first().map(|&(charged, _)| charged);
        let account = &mut self.all[tenant as usize];
        account.open += 1;
        if account.open == 1 {
            account.charged = account.charged.max(least.unwrap_or_default());
            self.active.insert((account.charged, tenant));
        }
    }

    pub(crate) fn call_ended(&mut self, tenant: TenantIndex) {
        let account = &mut self.all[tenant as usize];
        account.open -= 1;
        if account.open == 0 {
            self.active.remove(&(account.charged, tenant));
        }
    }

    /// For a lease of so many calls: what it is expected to take. Returns what was charged.
    pub(crate) fn charge(
        &mut self,
        tenant: TenantIndex,
        expected: Option<Duration>,
        calls: u32,
    ) -> Duration {
        let time = expected.unwrap_or(UNKNOWN * calls);
        self.change(tenant, |charged, weight| {
            charged.saturating_add((nanoseconds(time) / weight).max(1))
        });
        time
    }

    /// A lease has ended: what it took takes the place of what it was expected to take.
    pub(crate) fn correct(&mut self, tenant: TenantIndex, charged: Duration, took: Duration) {
        let (expected, took) = (nanoseconds(charged), nanoseconds(took));
        self.change(tenant, |charged, weight| {
            if took >= expected {
                charged.saturating_add((took - expected) / weight)
            } else {
                charged.saturating_sub((expected - took) / weight)
            }
        });
    }

    fn change(&mut self, tenant: TenantIndex, change: impl FnOnce(u64, u64) -> u64) {
        let account = &mut self.all[tenant as usize];
        let before = account.charged;
        account.charged = Charged(change(before.0, account.weight));
        if account.open > 0 && account.charged != before {
            self.active.remove(&(before, tenant));
            self.active.insert((account.charged, tenant));
        }
    }
}
