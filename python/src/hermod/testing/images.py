"""A stand-in for Pillow: an image is the name of its file and what was done to it."""

from __future__ import annotations

from types import ModuleType
from typing import Any


class FakeImage:
    """Immutable but for `paste` and its like, which give it a new version (E6)."""

    def __init__(self, shown: str) -> None:
        self._shown = shown

    def __str__(self) -> str:
        return self._shown

    def __deepcopy__(self, _: dict[int, Any]) -> FakeImage:
        return FakeImage(self._shown)

    @property
    def size(self) -> tuple[int, int]:
        """Every picture is as large as this."""
        return (640, 480)

    def crop(self, box: tuple[float, float, float, float]) -> FakeImage:
        """Refuses what Pillow refuses."""
        left, upper, right, lower = box
        if right < left or lower < upper:
            raise ValueError("Coordinate 'right' is less than 'left'")
        return FakeImage(f"{self._shown}.crop{(left, upper, right, lower)}")

    def resize(self, size: tuple[int, int]) -> FakeImage:
        """Another size, another image."""
        return FakeImage(f"{self._shown}.resize{size}")

    def paste(self, other: FakeImage, box: tuple[int, int] = (0, 0)) -> None:
        """Changes this image in place."""
        self._shown = f"{self._shown}.paste({other}, {box})"


def modules() -> dict[str, ModuleType]:
    """`PIL` and `PIL.Image`, for `sys.modules`."""
    package, image = ModuleType("PIL"), ModuleType("PIL.Image")
    image.open = FakeImage  # type: ignore[attr-defined]
    image.Image = FakeImage  # type: ignore[attr-defined]
    package.Image = image  # type: ignore[attr-defined]
    return {"PIL": package, "PIL.Image": image}
