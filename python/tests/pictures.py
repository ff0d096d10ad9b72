"""Small pictures of every mode, and files of them."""

from __future__ import annotations

import io
import random

from PIL import Image

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I;16", "I", "F")

_SAMPLE_BYTES = {"I": 4, "F": 4, "I;16": 2, "CMYK": 4, "RGBA": 4, "LA": 2, "L": 1, "P": 1}


def picture(mode: str, width: int = 23, height: int = 17, seed: int = 1) -> Image.Image:
    """Noise, so that any two pixels differ."""
    noise = random.Random(seed)
    if mode == "1":
        grey = Image.frombytes("L", (width, height), noise.randbytes(width * height))
        return grey.convert("1")
    if mode == "F":
        pixels = Image.new("F", (width, height))
        pixels.putdata([noise.uniform(-5, 300) for _ in range(width * height)])
        return pixels
    size = width * height * _SAMPLE_BYTES.get(mode, 3)
    pixels = Image.frombytes(mode, (width, height), noise.randbytes(size))
    if mode == "P":
        pixels.putpalette(noise.randbytes(768))
    return pixels


def transparent_palette(alpha: bytes | int, seed: int = 2) -> Image.Image:
    pixels = picture("P", seed=seed)
    pixels.info["transparency"] = alpha
    return pixels


def palette_with_alpha() -> Image.Image:
    pixels = picture("P")
    pixels.putpalette(random.Random(5).randbytes(1024), "RGBA")
    return pixels


def file_of(image: Image.Image, format_: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format_)
    return stream.getvalue()


def same(left: Image.Image, right: Image.Image) -> bool:
    """Mode, size, every sample, the palette and what is transparent in it."""
    return (
        (left.mode, left.size) == (right.mode, right.size)
        and left.tobytes() == right.tobytes()
        and left.getpalette("RGBA" if left.mode == "P" else None)
        == right.getpalette("RGBA" if right.mode == "P" else None)
        and left.info.get("transparency") == right.info.get("transparency")
    )
