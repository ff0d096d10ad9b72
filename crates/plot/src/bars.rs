//! What happened when: a row for each device, call or task.

use plotters::prelude::*;

use crate::frame::{chart, colour, legend, mesh, picture, reason};
use crate::{Picture, PlotError};

/// Rows from the top down, all on one axis of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    pub title: String,
    pub x: String,
    pub y: String,
    pub rows: Vec<Row>,
    /// What the kinds of bars are called, each in its colour.
    pub kinds: Vec<String>,
    /// Where the axis ends at least: the same for charts that are to be compared.
    pub until: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub label: String,
    pub bars: Vec<Bar>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    pub from: f64,
    pub to: f64,
    /// A place in [`Bars::kinds`].
    pub kind: usize,
}

/// Rows are at most so high, and not less.
const ROW: (u32, u32) = (6, 26);
const MOST: u32 = 320;
/// Title, axis and margins.
const AROUND: u32 = 110;
/// More labels would overlap.
const LABELS: usize = 12;

impl Bars {
    pub fn draw(&self) -> Result<Picture, PlotError> {
        let rows = self.rows.len().max(1);
        let row = (MOST / u32::try_from(rows).unwrap_or(MOST)).clamp(ROW.0, ROW.1);
        let height = AROUND + row * u32::try_from(rows).unwrap_or(MOST);
        picture(&self.title, height, |area| self.rows_on(area))
    }

    fn rows_on(&self, area: &crate::frame::Area<'_>) -> Result<(), String> {
        let rows = self.rows.len() as f64;
        let bars = || self.rows.iter().flat_map(|row| &row.bars);
        let end = bars().map(|bar| bar.to).fold(self.until, f64::max);
        let longest = self.rows.iter().map(|row| row.label.len()).max();
        let left = 40 + 7 * u32::try_from(longest.unwrap_or(0)).unwrap_or(20).min(24);
        let mut chart = chart(area, &self.title, left, 0.0..end.max(1e-9), 0.0..rows)?;
        let few = self.rows.len() <= LABELS;
        let labels = if few { 2 * self.rows.len() + 1 } else { LABELS };
        let label = |at: &f64| self.label_at(*at, few);
        mesh(&mut chart, &self.x, &self.y, labels, &label)?;
        for (kind, name) in self.kinds.iter().enumerate() {
            let colour = colour(kind);
            let of_kind = self.rows.iter().enumerate().flat_map(|(place, row)| {
                let top = rows - place as f64;
                let bars = row.bars.iter().filter(move |bar| bar.kind == kind);
                bars.map(move |bar| {
                    let corners = [(bar.from, top - 0.12), (bar.to, top - 0.88)];
                    Rectangle::new(corners, colour.filled())
                })
            });
            let drawn = chart.draw_series(of_kind).map_err(reason)?;
            let key = move |(x, y)| Rectangle::new([(x, y - 4), (x + 16, y + 4)], colour.filled());
            drawn.label(name).legend(key);
        }
        if self.kinds.len() > 1 {
            legend(&mut chart, SeriesLabelPosition::LowerLeft)?;
        }
        Ok(())
    }

    /// Beside the middle of a row its label; beside many rows, their numbers.
    fn label_at(&self, at: f64, few: bool) -> String {
        let rows = self.rows.len();
        let from_top = rows as f64 - at;
        if !few {
            return format!("{from_top:.0}");
        }
        let middle = (from_top - 0.5).abs() % 1.0 < 1e-6;
        let row = self.rows.get(from_top as usize).filter(|_| middle);
        row.map(|row| row.label.clone()).unwrap_or_default()
    }
}
