"""Images without a history: bytes and back without loss, in every mode (V2)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from hermod import images
from hermod.images.encoding import RAW_MAGIC
from pictures import MODES, palette_with_alpha, picture, same, transparent_palette


def check(image: Image.Image) -> bytes:
    blob, data = images.to_blob(image)
    back = images.from_handle(images.Original(data, blob), images.plain_handle(blob))
    assert same(image, back)
    assert images.to_blob(image) == (blob, data), "equal pixels, equal bytes"
    return data


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_comes_back(mode: str) -> None:
    check(picture(mode))


def test_rare_modes_come_back() -> None:
    for mode in ("La", "RGBa", "RGBX", "PA", "I;16B", "I;16L"):
        source = picture("RGBA") if mode in {"RGBa", "RGBX"} else picture("LA")
        if mode.startswith("I;16"):
            image = Image.frombytes(mode, (5, 4), bytes(range(40)))
        elif mode == "RGBX":
            image = Image.frombytes("RGBX", source.size, source.tobytes())
        elif mode == "PA":
            image = picture("P").convert("PA")
        else:
            image = source.convert(mode)
        check(image)


def test_png_where_it_is_exact_and_raw_elsewhere() -> None:
    png = {mode for mode in MODES if check(picture(mode)).startswith(b"\x89PNG")}
    assert png == {"1", "L", "LA", "RGB", "RGBA", "I;16"}


@pytest.mark.parametrize("alpha", [bytes(range(200)), 3], ids=["per entry", "one entry"])
def test_palettes_keep_what_is_transparent(alpha: bytes | int) -> None:
    check(transparent_palette(alpha))


def test_palettes_keep_their_own_alpha() -> None:
    check(palette_with_alpha())


@pytest.mark.parametrize(("mode", "colour"), [("L", 7), ("RGB", (1, 2, 3)), ("1", 255)])
def test_a_transparent_colour_is_kept(mode: str, colour: object) -> None:
    image = picture(mode)
    image.info["transparency"] = colour
    check(image)


def test_images_without_pixels_travel() -> None:
    for size in ((0, 0), (5, 0)):
        assert check(Image.new("RGB", size)).startswith(RAW_MAGIC)


def test_texts_and_profiles_are_not_pixels() -> None:
    plain, commented = picture("RGB"), picture("RGB")
    commented.info.update(comment="a", dpi=(3, 4), icc_profile=b"x" * 200)
    assert images.to_blob(plain) == images.to_blob(commented)


def test_a_cut_off_raw_image_is_an_error() -> None:
    _, data = images.to_blob(picture("CMYK"))
    cut = images.open_tracked(io.BytesIO(data[:-9]), "sha256:cut", "cut.raw")
    with pytest.raises(OSError, match=r"'cut.raw': image file is truncated"):
        cut.load()
