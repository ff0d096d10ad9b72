//! How much memory a worker's process may take before it is taken for one that leaks.

use std::collections::HashMap;

use dice_model::{FunctionId, FunctionSpec};
use dice_scheduler::Profile;

/// Python, libraries, and the originals of images that a worker keeps (256 MiB), where only the model was
/// declared; and for what varies from call to call.
const BESIDES_BYTES: u64 = 512 << 20;
/// A process may hold so many times what it should.
const TIMES: u64 = 2;

/// Per function, in bytes.
#[derive(Debug, Default)]
pub(super) struct Room(HashMap<FunctionId, u64>);

impl Room {
    /// By profile, else as declared.
    pub(super) fn expect(&mut self, function: &FunctionSpec, profile: &Profile) {
        let devices = profile.devices.iter();
        let by_profile = devices.filter_map(|device| device.memory_bytes).max();
        let expected = by_profile.unwrap_or(function.resources.gpu_memory_bytes);
        let most = expected.saturating_mul(TIMES).saturating_add(BESIDES_BYTES);
        self.0.insert(function.id.clone(), most);
    }

    pub(super) fn of(&self, function: &FunctionId) -> Option<u64> {
        self.0.get(function).copied()
    }
}
