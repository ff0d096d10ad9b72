//! What the paper does not ask: how much batches must bring, what else one could rent, and how it scales.

use dice_model::DeviceType;
use serde::Serialize;

use super::cells::{A100, A4000, A6000, Gains, Who};
use super::ours::{Prices, reduction, usd};
use super::reproduction::at_once;
use super::{Fit, Ours, PaperError, Scaling, Setting, Tables, WhatIf};
use crate::simulate;

/// Simulated, and on given figures: none of it is a headline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beyond {
    pub gain_needed: GainNeeded,
    pub what_if: WhatIf,
    pub scaling: Scaling,
}

/// How many times as many calls a second a batch of 16 must do, of blip and xvlm on every device, while glip
/// gains nothing; for the least reduction over the sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GainNeeded {
    pub identical_hardware_60_percent: f64,
    pub different_hardware_85_percent: f64,
}

/// Between these the gain is looked for; 16 would be a batch that takes as long as one call.
const GAINS: (f64, f64) = (1.0, 16.0);
const EXACTNESS: f64 = 0.005;

impl Tables {
    pub(crate) fn beyond(
        &self,
        fit: &Fit,
        prices: &Prices,
        mid: &Ours,
    ) -> Result<Beyond, PaperError> {
        let gain = |setting, percent| self.gain_for(fit, prices, setting, percent);
        let (gains, rest) = at_once(
            || {
                at_once(
                    || gain(Setting::Identical, 60.0),
                    || gain(Setting::Different, 85.0),
                )
            },
            || at_once(|| self.scaling(fit), || self.what_if(fit, prices, mid)),
        );
        Ok(Beyond {
            gain_needed: GainNeeded {
                identical_hardware_60_percent: gains.0?,
                different_hardware_85_percent: gains.1?,
            },
            what_if: rest.1?,
            scaling: rest.0?,
        })
    }

    /// By bisection: more gain never costs more.
    fn gain_for(
        &self,
        fit: &Fit,
        prices: &Prices,
        setting: Setting,
        percent: f64,
    ) -> Result<f64, PaperError> {
        let (mut low, mut high) = GAINS;
        while high - low > EXACTNESS {
            let middle = f64::midpoint(low, high);
            if self.least_reduction(fit, prices, setting, &uniform(middle))? < percent {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(high)
    }

    fn least_reduction(
        &self,
        fit: &Fit,
        prices: &Prices,
        setting: Setting,
        gains: &Gains,
    ) -> Result<f64, PaperError> {
        let cells = self.cells().filter(|(of, ..)| *of == setting);
        let mut least = f64::INFINITY;
        for (_, nodes, _) in cells {
            let scenario = self.scenario(fit, setting, nodes, Who::Ours(Some(gains)));
            scenario.check()?;
            let minutes = simulate(&scenario)?.makespan.as_secs_f64() / 60.0;
            let baseline = self.minutes(Setting::Baseline, nodes);
            let before = usd(&prices.paper, Setting::Baseline, nodes, baseline)?;
            let after = usd(&prices.paper, setting, nodes, minutes)?;
            least = least.min(reduction(before, after));
        }
        Ok(least)
    }
}

fn uniform(gain: f64) -> Gains {
    let functions = [("glip", 1.0), ("blip", gain), ("xvlm", gain)];
    let functions = functions.map(|(name, gain)| (dice_model::FunctionId::new(name), gain));
    [A100, A6000, A4000]
        .map(|kind| {
            (
                DeviceType::from(kind),
                functions.clone().into_iter().collect(),
            )
        })
        .into_iter()
        .collect()
}
