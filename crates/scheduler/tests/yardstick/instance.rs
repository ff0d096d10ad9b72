//! A small instance: unlike devices, functions with loads, memory and batch curves, calls issued at once.

/// Calls are issued at 0, in this order; each names its function.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    pub(crate) devices: Vec<Device>,
    pub(crate) functions: Vec<Function>,
    pub(crate) calls: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) memory: u64,
    /// What is loaded at the start.
    pub(crate) warm: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) memory: u64,
    /// Milliseconds, by device.
    pub(crate) load: Vec<u64>,
    /// Milliseconds of a batch: by device, then by size, from 1.
    pub(crate) batch: Vec<Vec<u64>>,
}

impl Function {
    pub(crate) fn limit(&self) -> usize {
        self.batch[0].len()
    }
}

/// Splitmix64: the same instances everywhere.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, from: u64, to: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        from + (z ^ (z >> 31)) % (to - from + 1)
    }
}

impl Instance {
    pub(crate) fn random(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let device_count = dice.throw(1, 3) as usize;
        // In percent of the fastest kind there is.
        let speeds: Vec<u64> = (0..device_count).map(|_| dice.throw(100, 400)).collect();
        let memories: Vec<u64> = (0..device_count).map(|_| dice.throw(8, 16)).collect();
        let largest = memories.iter().copied().max().unwrap_or(8);
        let functions: Vec<_> = (0..dice.throw(1, 3))
            .map(|_| Function::random(&mut dice, &speeds, largest))
            .collect();
        let calls = (0..dice.throw(1, 8))
            .map(|_| dice.throw(0, functions.len() as u64 - 1) as usize)
            .collect();
        let devices = memories
            .into_iter()
            .map(|memory| {
                let warm = dice.throw(0, 2 * functions.len() as u64 - 1) as usize;
                let fits = functions
                    .get(warm)
                    .is_some_and(|warm| warm.memory <= memory);
                let warm = fits.then_some(warm).into_iter().collect();
                Device { memory, warm }
            })
            .collect();
        Self {
            devices,
            functions,
            calls,
        }
    }

    #[allow(dead_code)]
    pub(crate) fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.functions.len()];
        for &function in &self.calls {
            counts[function] += 1;
        }
        counts
    }
}

impl Function {
    /// A batch costs a fixed part once and the rest per call; devices differ by kind, and each function
    /// likes some more than others.
    fn random(dice: &mut Dice, speeds: &[u64], largest_memory: u64) -> Self {
        let memory = dice.throw(2, 10).min(largest_memory);
        let (base, load, fixed) = (dice.throw(10, 200), dice.throw(5, 400), dice.throw(0, 90));
        let limit = dice.throw(1, 4);
        let mut batch = Vec::new();
        for speed in speeds {
            let one = base * speed * dice.throw(70, 140) / 10_000;
            let of = |size: u64| (one * (fixed + (100 - fixed) * size) / 100).max(1);
            batch.push((1..=limit).map(of).collect());
        }
        let load = speeds.iter().map(|_| load * dice.throw(70, 140) / 100);
        Self {
            memory,
            load: load.collect(),
            batch,
        }
    }
}
