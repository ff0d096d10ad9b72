//! A node that its provider may take back: what it costs on average, with a fallback at the full price.

use std::time::Duration;

use dice_model::Cost;

use crate::NodePrice;

/// Of one node for a given time. When it is taken back, one at the full price takes over, until the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpotCost {
    pub expected: Cost,
    /// That it is taken back before the work ends: from 0 to 1.
    pub taken_back: f64,
}

impl SpotCost {
    /// How long a node lives is taken to be exponentially distributed, its mean being the price book's.
    /// `None` without a spot price.
    pub fn of(price: &NodePrice, time: Duration) -> Option<Self> {
        let spot = price.spot.as_ref()?;
        let life = spot.mean_life.as_secs_f64();
        let seconds = time.as_secs_f64();
        let taken_back = -(-seconds / life).exp_m1();
        let on_spot = life * taken_back;
        // The fallback starts anew, and does again what was under way: on average half of that is lost,
        // which is small beside its start-up and left out.
        let fallback = (seconds - on_spot).max(0.0) + taken_back * price.start_up.as_secs_f64();
        let usd = |per_hour: u64, seconds: f64| per_hour as f64 / 1e6 * seconds / 3600.0;
        let first_start = usd(spot.price.0, price.start_up.as_secs_f64());
        let expected = usd(spot.price.0, on_spot) + first_start + usd(price.price.0, fallback);
        Some(Self {
            expected: Cost((expected * 3.6e18) as i128),
            taken_back,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PriceBook;

    const BOOK: &str = "name = 'b'\ndate = '2026-01-01'\n[[node]]\ntype = 'x'\nsource = 's'\n\
        usd_per_hour = '2'\nbilling_seconds = 1\nstart_up_seconds = 360\n\
        spot = { usd_per_hour = '0.5', taken_back_after_hours = 10, source = 's' }";

    #[track_caller]
    fn check(hours: f64, usd: f64) {
        let book = PriceBook::parse(BOOK).expect("a book");
        let price = book.price(&"x".into()).expect("it is there");
        let time = Duration::from_secs_f64(hours * 3600.0);
        let found = SpotCost::of(price, time)
            .expect("a spot price")
            .expected
            .as_usd();
        assert!((found - usd).abs() < 0.02 * usd, "{found} for {usd}");
    }

    #[test]
    fn the_longer_it_lasts_the_more_of_it_is_at_the_full_price() {
        check(0.0, 0.05);
        check(0.1, 0.05 + 0.05 + 0.003);
        // Almost surely taken back, after ten hours on average.
        check(100.0, 0.05 + 10.0 * 0.5 + 90.1 * 2.0);
    }

    /// Against lives that are drawn.
    #[test]
    fn the_mean_over_many_lives_is_the_expected_cost() {
        let mut sum = 0.0;
        let lives = 10_000;
        for number in 0..lives {
            // Evenly spread shares of the distribution.
            let share = (f64::from(number) + 0.5) / f64::from(lives);
            let life = -10.0 * (1.0 - share).ln();
            sum += if life < 8.0 {
                life * 0.5 + (8.0 - life) * 2.0 + 0.1 * 2.0
            } else {
                8.0 * 0.5
            };
        }
        check(8.0, 0.05 + sum / f64::from(lives));
    }
}
