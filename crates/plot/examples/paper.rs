//! Draws the paper's figures into a folder, as SVG: part of `make paper`.

use std::path::PathBuf;

use dice_simulate::paper::Tables;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(tables), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: paper TABLES.toml FOLDER".into());
    };
    let tables = Tables::parse(&std::fs::read_to_string(tables)?)?;
    let figures = tables.figures(&tables.fit()?)?;
    std::fs::create_dir_all(&folder)?;
    for (name, picture) in dice_plot::figures(&figures)? {
        std::fs::write(folder.join(name).with_extension("svg"), picture.svg())?;
    }
    Ok(())
}
