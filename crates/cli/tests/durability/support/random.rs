//! Chance that can be repeated: `DICE_TEST_SEED`.

pub struct Random(u64);

impl Random {
    pub fn new() -> Self {
        let seed = std::env::var("DICE_TEST_SEED").map_or(1, |text| text.parse().unwrap());
        eprintln!("DICE_TEST_SEED={seed}");
        Self(seed)
    }

    /// Of `0..bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}
