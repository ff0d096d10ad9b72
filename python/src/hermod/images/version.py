"""One immutable version of an image (E6): where its pixels come from, and they when needed."""

from __future__ import annotations

from typing import Any

from PIL import Image

from hermod.constants import OPERATIONS_VERSION
from hermod.images.operations import Handle, Operation, apply_one, as_json, extended, predict
from hermod.images.original import Original

_DRAFT = "draft"


class Version:
    """Pixels that never change: an original, or an operation on an earlier version."""

    def __init__(
        self,
        original: Original,
        operations: tuple[Operation, ...],
        mode: str,
        size: tuple[int, int],
        *,
        transparency: bool,
    ) -> None:
        self.original = original
        self.operations = operations
        self.mode = mode
        self.size = size
        self.transparency = transparency
        self._pixels: Image.Image | None = None
        self._from: tuple[Version, Operation] | None = None

    @classmethod
    def of(cls, original: Original, draft: Operation | None = None) -> Version:
        """The file's own pixels, or what its decoder gives for a draft."""
        header = original.header(draft)
        operations = () if draft is None else (draft,)
        transparency = "transparency" in header.info
        return cls(original, operations, header.mode, header.size, transparency=transparency)

    def derive(self, operation: Operation) -> Version:
        """The version after `operation`: at once if that may fail, else when pixels are needed."""
        predicted = predict(operation, self.mode, self.size, transparency=self.transparency)
        if predicted is not None:
            return self.later(operation, *predicted)
        pixels = _settled(apply_one(self.pixels(), operation))
        derived = self.later(operation, pixels.mode, pixels.size)
        derived.transparency = "transparency" in pixels.info
        derived._pixels = pixels
        return derived

    def later(self, operation: Operation, mode: str, size: tuple[int, int]) -> Version:
        """The version after an operation that surely succeeds, with what it is known to give."""
        operations = extended(self.operations, operation)
        derived = Version(self.original, operations, mode, size, transparency=self.transparency)
        derived._from = (self, operation)
        return derived

    def pixels(self) -> Image.Image:
        """A plain image, computed at the first call. Not to be modified."""
        if self._pixels is None:
            if self._from is None:
                self._pixels = self.original.decoded(self._draft())
            else:
                earlier, operation = self._from
                self._pixels = _settled(apply_one(earlier.pixels(), operation))
            self._from = None
        return self._pixels

    def described(self) -> Image.Image:
        """What knows the image's info and palette, with as little decoding as that takes."""
        if self._pixels is None and self._from is None:
            return self.original.header(self._draft())
        return self.pixels()

    def _draft(self) -> Operation | None:
        first = self.operations[:1]
        return first[0] if first and first[0][0] == _DRAFT else None

    def handle(self) -> Handle:
        """As it travels."""
        return {
            "blob": self.original.blob,
            "operations": as_json(self.operations),
            "version": OPERATIONS_VERSION,
        }

    def info(self) -> dict[Any, Any]:
        """A copy, as Pillow copies it into every new image."""
        return {
            key: value.copy() if isinstance(value, list) else value
            for key, value in self.described().info.items()
        }


def _settled(image: Image.Image) -> Image.Image:
    image.load()  # writes a new palette into the pixels, once, before they are shared
    return image
