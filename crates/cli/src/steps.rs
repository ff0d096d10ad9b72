//! Slow steps of setting up, shown on stderr while they last.

use std::sync::Arc;
use std::time::Duration;

use dice_environments::OnStep;
use indicatif::{ProgressBar, ProgressStyle};

/// A line that says what is being done; on a terminal it goes away at the end.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    bar: ProgressBar,
    logged: bool,
}

impl Steps {
    /// `logged`: the log tells them already.
    pub(crate) fn start(logged: bool) -> Self {
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})")
            .expect("the template is valid");
        Self {
            bar: ProgressBar::new_spinner().with_style(style),
            logged,
        }
    }

    pub(crate) fn listener(&self) -> OnStep {
        let Self { bar, logged } = self.clone();
        Arc::new(move |step| {
            if logged {
                return;
            }
            if bar.is_hidden() && !bar.is_finished() {
                anstream::eprintln!("{step}");
            } else if bar.is_finished() {
                bar.println(step.to_string());
            } else {
                bar.enable_steady_tick(Duration::from_millis(120));
                bar.set_message(step.to_string());
            }
        })
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
