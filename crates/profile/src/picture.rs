//! A picture for functions that want one and were given none.

use bytes::Bytes;

pub(crate) const WIDTH: usize = 1280;
pub(crate) const HEIGHT: usize = 720;
const SIDE: usize = 80;

/// Coloured squares before a slope of grey, as a blob of raw pixels (docs/protocol.md).
pub(crate) fn drawn() -> Bytes {
    let mut blob =
        format!("hermod raw image 1\n{{\"mode\": \"RGB\", \"size\": [{WIDTH}, {HEIGHT}]}}\n")
            .into_bytes();
    blob.reserve(WIDTH * HEIGHT * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            blob.extend(pixel(x, y));
        }
    }
    blob.into()
}

fn pixel(x: usize, y: usize) -> [u8; 3] {
    let (column, row) = (x / SIDE, y / SIDE);
    if column % 2 == 1 && row % 2 == 1 {
        let shade = |step: usize| ((column * 53 + row * 97) * step % 256) as u8;
        return [shade(1), shade(3), shade(7)];
    }
    [((x + y) * 255 / (WIDTH + HEIGHT)) as u8; 3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_is_there() {
        let blob = drawn();
        let lines: Vec<&[u8]> = blob.splitn(3, |&byte| byte == b'\n').collect();
        assert_eq!(lines[0], b"hermod raw image 1");
        assert_eq!(lines[1], b"{\"mode\": \"RGB\", \"size\": [1280, 720]}");
        assert_eq!(lines[2].len(), WIDTH * HEIGHT * 3);
    }
}
