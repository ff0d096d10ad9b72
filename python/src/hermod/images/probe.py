"""Asks Pillow what an operation would do, without pixels: Pillow's arithmetic, not a copy of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from PIL import Image


class Probe:
    """Stands for an image in Pillow's own methods and notes what they ask of its pixels."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self._asked: list[tuple[Any, ...]] = []

    def ask(self, method: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """Runs Pillow's own method on this; what that raises is raised."""
        getattr(Image.Image, method)(cast("Image.Image", self), *arguments)
        return self._asked

    @property
    def size(self) -> tuple[int, int]:
        """The image's, also after a draft."""
        return self._image.size

    @property
    def width(self) -> int:
        """As Pillow's."""
        return self.size[0]

    @property
    def height(self) -> int:
        """As Pillow's."""
        return self.size[1]

    def draft(self, mode: str | None, size: tuple[int, int]) -> Any:
        """Done at once: it decodes nothing."""
        return self._image.draft(mode, size)

    def copy(self) -> None:
        """Notes nothing: the pixels stay."""

    def transpose(self, method: int) -> None:
        """Notes it."""
        self._asked.append(("transpose", int(method)))

    def transform(self, size: tuple[int, int], *_: Any, **__: Any) -> None:
        """Notes the size that a rotation gives."""
        self._asked.append(("transform", size))

    def resize(self, size: tuple[int, int], resample: int, box: Any, reducing_gap: Any) -> Any:
        """Notes it, and gives something that a thumbnail can take its pixels from."""
        self._asked.append(("resize", size, resample, box, reducing_gap))
        return SimpleNamespace(im=SimpleNamespace(mode=self._image.mode))
