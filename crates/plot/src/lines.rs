//! Curves over one axis.

use plotters::prelude::*;

use crate::frame::{Axis, chart, colour, legend, mesh, number, picture, reason};
use crate::{Picture, PlotError};

/// A chart of curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    pub title: String,
    pub x: String,
    pub y: String,
    pub series: Vec<Series>,
    /// What the y axis shows at least: `(0.0, 100.0)` for a share in percent.
    pub y_shows: (f64, f64),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    pub mark: Mark,
}

/// How the points of a series are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Joined.
    Line,
    /// Joined, and each one marked: there is nothing between them.
    Dotted,
    /// Alone.
    Dot,
}

const HEIGHT: u32 = 380;
const DOT: i32 = 4;

impl Lines {
    pub fn draw(&self) -> Result<Picture, PlotError> {
        picture(&self.title, HEIGHT, |area| {
            let points = || self.series.iter().flat_map(|series| &series.points);
            let x = Axis {
                label: &self.x,
                range: range(points().map(|point| point.0), (0.0, 0.0)),
            };
            let y = Axis {
                label: &self.y,
                range: range(points().map(|point| point.1), self.y_shows),
            };
            let mut chart = chart(area, &self.title, 64, x.range, y.range)?;
            mesh(&mut chart, x.label, y.label, 7, &|at| number(*at))?;
            for (place, series) in self.series.iter().enumerate() {
                let colour = colour(place);
                let drawn = match series.mark {
                    Mark::Dot => chart.draw_series(
                        series
                            .points
                            .iter()
                            .map(|&point| Circle::new(point, DOT, colour.filled())),
                    ),
                    Mark::Line | Mark::Dotted => {
                        let size = if series.mark == Mark::Line {
                            0
                        } else {
                            DOT as u32
                        };
                        let points = series.points.iter().copied();
                        let line = LineSeries::new(points, colour.stroke_width(2));
                        chart.draw_series(line.point_size(size))
                    }
                };
                let key =
                    move |(x, y)| Rectangle::new([(x, y - 4), (x + 16, y + 4)], colour.filled());
                drawn.map_err(reason)?.label(&series.name).legend(key);
            }
            if self.series.len() > 1 {
                legend(&mut chart, SeriesLabelPosition::UpperRight)?;
            }
            Ok(())
        })
    }
}

/// All values, a little room above them, and what is to be shown anyway.
fn range(values: impl Iterator<Item = f64>, (low, high): (f64, f64)) -> std::ops::Range<f64> {
    let (low, high) = values.fold((low, high), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let room = if high > low { (high - low) * 0.05 } else { 1.0 };
    low..high + room
}
