//! What all charts share: paper, title, axes, colours.

use std::fmt::Display;
use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::{Picture, PlotError};

pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(crate) type Chart<'a, 'b> =
    ChartContext<'b, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

const WIDTH: u32 = 760;
const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(45, 45, 45);
const GRID: RGBColor = RGBColor(226, 226, 226);

/// Okabe and Ito's: told apart by everybody, in grey too.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(213, 94, 0),
    RGBColor(86, 180, 233),
];

pub(crate) fn colour(number: usize) -> RGBColor {
    COLOURS[number % COLOURS.len()]
}

/// The text of an axis, and from where to where it goes.
#[derive(Debug, Clone)]
pub(crate) struct Axis<'a> {
    pub(crate) label: &'a str,
    pub(crate) range: Range<f64>,
}

/// Draws on white paper of the usual width.
pub(crate) fn picture(
    title: &str,
    height: u32,
    draw: impl FnOnce(&Area<'_>) -> Result<(), String>,
) -> Result<Picture, PlotError> {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    let drawn = area.fill(&WHITE).map_err(reason).and_then(|()| draw(&area));
    let presented = drawn.and_then(|()| area.present().map_err(reason));
    presented.map_err(|reason| PlotError::Drawing {
        title: title.to_owned(),
        reason,
    })?;
    drop(area);
    Ok(Picture(svg))
}

/// A chart with its title above; axes are drawn by [`mesh`].
pub(crate) fn chart<'a, 'b>(
    area: &'b Area<'a>,
    title: &str,
    left: u32,
    x: Range<f64>,
    y: Range<f64>,
) -> Result<Chart<'a, 'b>, String> {
    ChartBuilder::on(area)
        .caption(title, (FONT, 17).into_font().color(&INK))
        .margin(12)
        .margin_right(24)
        .x_label_area_size(44)
        .y_label_area_size(left)
        .build_cartesian_2d(x, y)
        .map_err(reason)
}

/// Grid, labels and descriptions; `y_label` says what stands beside a value of the y axis.
pub(crate) fn mesh(
    chart: &mut Chart<'_, '_>,
    x: &str,
    y: &str,
    y_labels: usize,
    y_label: &dyn Fn(&f64) -> String,
) -> Result<(), String> {
    let text = |size: u32| (FONT, size).into_font().color(&INK);
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(INK)
        .label_style(text(12))
        .axis_desc_style(text(13))
        .x_labels(9)
        .y_labels(y_labels)
        .x_label_formatter(&|at| number(*at))
        .y_label_formatter(y_label)
        .x_desc(x)
        .y_desc(y)
        .draw()
        .map_err(reason)
}

/// Names beside their colours, in a corner.
pub(crate) fn legend<'a: 'b, 'b>(
    chart: &mut Chart<'a, 'b>,
    corner: SeriesLabelPosition,
) -> Result<(), String> {
    chart
        .configure_series_labels()
        .position(corner)
        .background_style(WHITE.mix(0.85))
        .border_style(GRID)
        .label_font((FONT, 12).into_font().color(&INK))
        .margin(8)
        .draw()
        .map_err(reason)
}

/// As few digits as tell marks of an axis apart.
pub(crate) fn number(at: f64) -> String {
    let rounded = (at * 1000.0).round() / 1000.0;
    if rounded == 0.0 {
        "0".to_owned()
    } else {
        rounded.to_string()
    }
}

pub(crate) fn reason(error: impl Display) -> String {
    error.to_string()
}
