//! Beyond the paper's eight nodes: more GPUs with more work, and more GPUs with the same work.

use serde::Serialize;

use super::cells::Who;
use super::{Fit, PaperError, Setting, Tables};
use crate::simulate;

/// On A100 nodes, with the batching called mid.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scaling {
    /// So many tasks a GPU.
    pub weak: Vec<Scale>,
    /// The paper's tasks, however many GPUs.
    pub strong: Vec<Scale>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scale {
    pub gpus: u32,
    pub tasks: u64,
    pub minutes: f64,
    /// GPU time a task on one GPU over GPU time a task here.
    pub efficiency: f64,
}

impl Tables {
    pub(crate) fn scaling(&self, fit: &Fit) -> Result<Scaling, PaperError> {
        let tasks_a_gpu = self.scaling.tasks_a_gpu;
        Ok(Scaling {
            weak: self.scales(fit, |gpus| tasks_a_gpu * u64::from(gpus))?,
            strong: self.scales(fit, |_| self.work.tasks)?,
        })
    }

    fn scales(&self, fit: &Fit, tasks: impl Fn(u32) -> u64) -> Result<Vec<Scale>, PaperError> {
        let mut scales: Vec<Scale> = Vec::new();
        let gpu_minutes =
            |scale: &Scale| f64::from(scale.gpus) * scale.minutes / scale.tasks as f64;
        for &gpus in &self.scaling.gpus {
            let who = Who::Ours(self.gains.get("mid"));
            let mut scenario = self.scenario(fit, Setting::Identical, gpus, who);
            scenario.work.tasks = tasks(gpus);
            scenario.check()?;
            let minutes = simulate(&scenario)?.makespan.as_secs_f64() / 60.0;
            let mut scale = Scale {
                gpus,
                tasks: scenario.work.tasks,
                minutes,
                efficiency: 1.0,
            };
            if let Some(first) = scales.first() {
                scale.efficiency = gpu_minutes(first) / gpu_minutes(&scale);
            }
            scales.push(scale);
        }
        Ok(scales)
    }
}
