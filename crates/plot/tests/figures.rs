//! Pictures are what the commands draw, and need no font of the machine.

use dice_plot::{Bar, Bars, Lines, Mark, Picture, Row, Series};
use dice_simulate::paper::Tables;

const TABLES: &str = include_str!("../../../scenarios/paper/tables.toml");

/// `make paper` draws them anew.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "hundreds of simulations: only with optimisation"
)]
fn the_papers_figures_are_those_beside_the_page() {
    let tables = Tables::parse(TABLES).expect("the tables");
    let fit = tables.fit().expect("it ends");
    let figures = tables.figures(&fit).expect("it ends");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/paper");
    for (name, picture) in dice_plot::figures(&figures).expect("they can be drawn") {
        let path = format!("{folder}/{name}.svg");
        let drawn = std::fs::read_to_string(&path).expect(&path);
        assert!(drawn == picture.svg(), "{path}: run `make paper`");
    }
}

fn lines(name: &str) -> Picture {
    let series = |name: &str, mark| Series {
        name: name.to_owned(),
        points: vec![(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)],
        mark,
    };
    let lines = Lines {
        title: name.to_owned(),
        x: "seconds".to_owned(),
        y: "percent".to_owned(),
        series: vec![series("one", Mark::Dotted), series("two", Mark::Dot)],
        y_shows: (0.0, 0.0),
    };
    lines.draw().expect("it can be drawn")
}

/// Dark pixels, of which text has many.
fn ink(picture: &Picture) -> usize {
    let png = picture.png().expect("a PNG");
    let pixels = resvg::tiny_skia::Pixmap::decode_png(&png).expect("a PNG");
    let dark = pixels
        .pixels()
        .iter()
        .filter(|pixel| pixel.red() < 100 && pixel.blue() < 100);
    dark.count()
}

#[test]
fn text_is_there_in_the_png() {
    assert!(ink(&lines("a long title that is seen")) > ink(&lines("")) + 200);
}

#[test]
fn nothing_to_draw_is_drawn_too() {
    let bars = Bars {
        title: "nothing".to_owned(),
        x: String::new(),
        y: String::new(),
        rows: Vec::new(),
        kinds: Vec::new(),
        until: 0.0,
    };
    assert!(bars.draw().expect("empty").svg().contains("nothing"));
    let lines = Lines {
        title: "nothing".to_owned(),
        x: String::new(),
        y: String::new(),
        series: Vec::new(),
        y_shows: (0.0, 0.0),
    };
    assert!(lines.draw().expect("empty").png().is_ok());
}

#[test]
fn rows_are_labelled_where_there_are_few() {
    let rows = |count: usize| {
        let rows = (0..count).map(|row| Row {
            label: format!("row-{row}"),
            bars: vec![Bar {
                from: row as f64,
                to: row as f64 + 1.0,
                kind: 0,
            }],
        });
        let bars = Bars {
            title: String::new(),
            x: String::new(),
            y: String::new(),
            rows: rows.collect(),
            kinds: vec!["kind".to_owned()],
            until: 0.0,
        };
        bars.draw().expect("it can be drawn").svg().to_owned()
    };
    let few = rows(3);
    assert!(
        (0..3).all(|row| few.contains(&format!("row-{row}"))),
        "{few}"
    );
    assert!(!rows(50).contains("row-3"));
}
