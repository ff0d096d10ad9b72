//! A finished chart, and the files that can be made of it.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

/// Pixels of a PNG for one of the SVG, so that text is sharp on today's screens.
const ZOOM: f32 = 2.0;

/// Text is set in this font, never in one that the machine happens to have.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    #[error("{title}: cannot be drawn: {reason}")]
    Drawing { title: String, reason: String },
    #[error("cannot read the SVG that was drawn")]
    Svg(#[from] resvg::usvg::Error),
    #[error("a picture of {width} by {height} pixels cannot be made")]
    Size { width: u32, height: u32 },
    #[error("cannot write the PNG: {0}")]
    Png(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(pub(crate) String);

impl Picture {
    pub fn svg(&self) -> &str {
        &self.0
    }

    pub fn png(&self) -> Result<Vec<u8>, PlotError> {
        let options = Options {
            fontdb: FONTS.clone(),
            ..Options::default()
        };
        let tree = Tree::from_str(&self.0, &options)?;
        let size = tree.size().to_int_size();
        let (width, height) = (size.width(), size.height());
        let zoomed = |length: u32| (length as f32 * ZOOM).round() as u32;
        let too_large = PlotError::Size { width, height };
        let mut pixels = Pixmap::new(zoomed(width), zoomed(height)).ok_or(too_large)?;
        let zoom = Transform::from_scale(ZOOM, ZOOM);
        resvg::render(&tree, zoom, &mut pixels.as_mut());
        pixels
            .encode_png()
            .map_err(|error| PlotError::Png(error.to_string()))
    }
}
