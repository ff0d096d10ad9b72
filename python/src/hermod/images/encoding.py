"""Pixels to bytes and back without loss, for images whose history is not known.

PNG where Pillow reads back exactly what it wrote, else a raw form: the magic line, one line of JSON
(mode, size, palette, transparency), and the pixels as `Image.tobytes()` gives them.
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import IO, Any

from PIL import Image, ImageFile, ImagePalette

from hermod.constants import OPERATIONS_VERSION
from hermod.images.operations import Handle

RAW_MAGIC = b"hermod raw image 1\n"

# Read back in the same mode with the same samples; tests/test_image_encoding.py has every mode.
_PNG_MODES = frozenset({"1", "L", "LA", "RGB", "RGBA", "I;16"})


def digest_of(data: bytes) -> str:
    """A blob's name."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def to_blob(image: Image.Image) -> tuple[str, bytes]:
    """The image's pixels as a blob: its digest and its bytes. Equal pixels give equal bytes."""
    image.load()
    data = _png(image) if _fits_png(image) else _raw(image)
    return digest_of(data), data


def plain_handle(blob: str) -> Handle:
    """The handle of an image that is a blob as it is, `blob` being the digest of [`to_blob`]."""
    return {"blob": blob, "operations": [], "version": OPERATIONS_VERSION}


def _fits_png(image: Image.Image) -> bool:
    # A colour that means transparent survives only where PNG has a place for it.
    transparency = image.info.get("transparency")
    return (
        image.mode in _PNG_MODES
        and min(image.size) > 0
        and (transparency is None or image.mode in {"L", "RGB"})
    )


def _png(image: Image.Image) -> bytes:
    pixels = _only_pixels(image)
    stream = io.BytesIO()
    # Level 1: 3 to 5 times faster than 6 for a photograph, and a few per cent longer.
    pixels.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _only_pixels(image: Image.Image) -> Image.Image:
    """Shares the pixels, without the texts and profiles that would change the digest."""
    bare = Image.Image()
    bare.im = image.im
    bare._mode = image.mode
    bare._size = image.size
    if "transparency" in image.info:
        bare.info["transparency"] = image.info["transparency"]
    return bare


def _raw(image: Image.Image) -> bytes:
    header: dict[str, Any] = {"mode": image.mode, "size": image.size}
    if image.mode in {"P", "PA"}:
        mode = image.im.getpalettemode()
        header["palette"] = [mode, bytes(image.im.getpalette(mode, mode)).hex()]
    transparency = image.info.get("transparency")
    if isinstance(transparency, bytes):
        header["transparency"] = {"bytes": transparency.hex()}
    elif transparency is not None:
        header["transparency"] = transparency
    line = json.dumps(header, separators=(",", ":")).encode()
    return RAW_MAGIC + line + b"\n" + image.tobytes()


class RawImageFile(ImageFile.ImageFile):
    """Reads the raw form, as Pillow's own plugins read theirs."""

    format = "HERMOD-RAW"
    format_description = "Pixels as Pillow holds them"

    def __init__(self, fp: IO[bytes]) -> None:
        self._said_size = (0, 0)
        super().__init__(fp)
        if min(self._said_size) == 0:
            self._size = self._said_size
            self.tile = []
            self.im = Image.new(self._mode, self._size).im

    def _open(self) -> None:
        assert self.fp is not None
        if self.fp.read(len(RAW_MAGIC)) != RAW_MAGIC:
            raise SyntaxError("not a raw image")
        header = json.loads(self.fp.readline())
        self._mode = header["mode"]
        width, height = self._said_size = tuple(header["size"])
        # Pillow's readers refuse an image without pixels, which a crop may be.
        self._size = (max(width, 1), max(height, 1))
        if "palette" in header:
            mode, data = header["palette"]
            self.palette = ImagePalette.ImagePalette(mode, bytes.fromhex(data))
            self.palette.dirty = 1
        transparency = header.get("transparency")
        if isinstance(transparency, dict):
            transparency = bytes.fromhex(transparency["bytes"])
        elif isinstance(transparency, list):
            transparency = tuple(transparency)
        if transparency is not None:
            self.info["transparency"] = transparency
        place = ImageFile._Tile("raw", (0, 0, *self._size), self.fp.tell(), (self._mode, 0, 1))
        self.tile = [place]
