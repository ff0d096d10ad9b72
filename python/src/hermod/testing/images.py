"""A stand-in for Pillow: an image is the name of its file and what was done to it."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

#: What gives another image, and what changes an image in place.
_OTHER = frozenset({
    "convert", "copy", "effect_spread", "filter", "getchannel", "point", "quantize", "reduce",
    "rotate", "transform", "transpose",
})  # fmt: skip
_IN_PLACE = frozenset({"alpha_composite", "putalpha", "putdata", "putpixel", "thumbnail"})


class FakeImage:
    """Immutable but for `paste` and its like, which give it a new version (E6)."""

    mode = "RGB"
    format = "PNG"

    def __init__(self, shown: str, size: tuple[int, int] = (640, 480)) -> None:
        self._shown = shown
        #: Every picture is as large as this, whatever is cut out of it.
        self.size = size

    def __str__(self) -> str:
        return self._shown

    __repr__ = __str__

    def __enter__(self) -> FakeImage:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __deepcopy__(self, _: dict[int, Any]) -> FakeImage:
        return FakeImage(self._shown, self.size)

    @property
    def width(self) -> int:
        """As of `size`."""
        return self.size[0]

    @property
    def height(self) -> int:
        """As of `size`."""
        return self.size[1]

    def load(self) -> None:
        """There is nothing to load."""

    close = load

    def crop(self, box: tuple[float, float, float, float]) -> FakeImage:
        """Refuses what Pillow refuses."""
        left, upper, right, lower = box
        if right < left or lower < upper:
            raise ValueError("Coordinate 'right' is less than 'left'")
        return FakeImage(f"{self._shown}.crop{(left, upper, right, lower)}", self.size)

    def resize(self, size: tuple[int, int], *_: Any, **__: Any) -> FakeImage:
        """Another size, another image."""
        return FakeImage(f"{self._shown}.resize{size}", self.size)

    def paste(self, other: Any, box: Any = (0, 0), mask: Any = None) -> None:
        """Changes this image in place."""
        behind = "" if mask is None else f", {mask}"
        self._shown = f"{self._shown}.paste({other}, {box}{behind})"

    def __getattr__(self, name: str) -> Any:
        if name not in _OTHER | _IN_PLACE:
            raise AttributeError(f"'Image' object has no attribute {name!r}")

        def operation(*arguments: Any, **named: Any) -> FakeImage | None:
            shown = f"{self._shown}.{name}({_text(arguments, named)})"
            if name in _OTHER:
                return FakeImage(shown, self.size)
            self._shown = shown
            return None

        return operation


class _Draw:
    """Draws on an image in place, whatever it is asked to draw."""

    def __init__(self, image: FakeImage, _mode: str | None = None) -> None:
        self._image = image

    def __getattr__(self, name: str) -> Any:
        def draw(*arguments: Any, **named: Any) -> None:
            self._image._shown += f".{name}({_text(arguments, named)})"

        return draw

    def textbbox(self, corner: tuple[int, int], text: str, *_: Any, **__: Any) -> Any:
        """All letters are alike."""
        return (*corner, corner[0] + 6 * len(text), corner[1] + 11)


class _Functions(ModuleType):
    """A module whose functions give another image."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda image, *arguments, **named: FakeImage(
            f"{name}({_text((image, *arguments), named)})", image.size
        )


def _text(arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
    return ", ".join([*map(str, arguments), *(f"{name}={value}" for name, value in named.items())])


def _new(_mode: str, size: tuple[int, int], color: Any = 0) -> FakeImage:
    return FakeImage(f"new({color})", size)


def modules(open_image: Callable[..., FakeImage] = FakeImage) -> dict[str, ModuleType]:
    """`PIL` and its parts, for `sys.modules`."""
    package, image, draw = ModuleType("PIL"), ModuleType("PIL.Image"), ModuleType("PIL.ImageDraw")
    image.open = open_image  # type: ignore[attr-defined]
    image.new = _new  # type: ignore[attr-defined]
    image.Image = FakeImage  # type: ignore[attr-defined]
    draw.Draw = _Draw  # type: ignore[attr-defined]
    operations = _Functions("PIL.ImageOps")
    package.Image, package.ImageDraw = image, draw  # type: ignore[attr-defined]
    package.ImageOps = operations  # type: ignore[attr-defined]
    return {"PIL": package, "PIL.Image": image, "PIL.ImageDraw": draw, "PIL.ImageOps": operations}
