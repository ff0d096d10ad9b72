//! A simulated run, and what runs on more or fewer nodes would take and cost.

use dice_simulate::{Choice, Load};

use crate::{Lines, Mark, Named, PlotError, Series};

/// How busy each type of device was.
pub fn outcome(name: &str, load: &Load) -> Result<Vec<Named>, PlotError> {
    let unit = load.step.as_secs_f64();
    let series = load.busy_percent.iter().map(|(kind, percent)| Series {
        name: kind.to_string(),
        points: (0..)
            .zip(percent)
            .map(|(step, &percent)| ((f64::from(step) + 0.5) * unit, percent))
            .collect(),
        mark: Mark::Line,
    });
    let lines = Lines {
        title: format!("{name}: load of the devices (simulated)"),
        x: "seconds".to_owned(),
        y: "percent".to_owned(),
        series: series.collect(),
        y_shows: (0.0, 110.0),
    };
    Ok(vec![("load", lines.draw()?)])
}

/// Cost against time, by number of nodes: no choice on the front is beaten in both.
pub fn front(name: &str, choices: &[Choice]) -> Result<Vec<Named>, PlotError> {
    let points = |best: bool| -> Vec<(f64, f64)> {
        let choices = choices.iter().filter(|choice| choice.on_front == best);
        choices
            .map(|choice| (choice.makespan_seconds / 60.0, choice.cost_usd))
            .collect()
    };
    let mut best = points(true);
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    let series = [
        ("cheapest for its deadline", best, Mark::Dotted),
        ("dearer and no faster", points(false), Mark::Dot),
    ];
    let series = series
        .into_iter()
        .filter(|(_, points, _)| !points.is_empty());
    let lines = Lines {
        title: format!("{name}: cost against deadline (simulated)"),
        x: "minutes until the last task has ended".to_owned(),
        y: "dollars".to_owned(),
        series: series
            .map(|(name, points, mark)| Series {
                name: name.to_owned(),
                points,
                mark,
            })
            .collect(),
        y_shows: (0.0, 0.0),
    };
    Ok(vec![("front", lines.draw()?)])
}
