"""The closed set of operations of a lineage: their canonical form, what they give, and replay.

An operation is a JSON list, its name first. Together with the original's bytes a list of them gives
exactly the pixels that Pillow gave. Adding one, or changing what one means, raises
`OPERATIONS_VERSION`.

    ["draft", mode | null, width, height]                      first, and only for a file's decoder
    ["crop", left, top, right, bottom]                         integers
    ["resize", width, height, filter, box | null, gap | null]  box: four floats; gap: reducing_gap
    ["convert", mode | null, matrix | null, dither | null, palette, colors]
    ["transpose", method]
    ["rotate", angle, filter, expand, center | null, translate | null]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from PIL import Image

from hermod.constants import OPERATIONS_VERSION

Operation = tuple[Any, ...]
"""Immutable inside; a list of lists on the wire."""


class Handle(TypedDict):
    """An image on the wire: `dice_model::ImageHandle`."""

    blob: str
    operations: list[list[Any]]
    version: int


class UnknownOperationError(ValueError):
    """A lineage of another version of the SDK."""


def apply(original: Image.Image, operations: Iterable[Sequence[Any]]) -> Image.Image:
    """Replays operations (without `draft`, see [`Original.decoded`]) on decoded pixels."""
    image = original
    for operation in operations:
        image = apply_one(image, operation)
    return image


def apply_one(image: Image.Image, operation: Sequence[Any]) -> Image.Image:
    """Does one operation as Pillow does it, leaving `image` as it is."""
    match operation:
        case ["crop", left, top, right, bottom]:
            return image.crop((left, top, right, bottom))
        case ["resize", width, height, resample, box, gap]:
            return image.resize((width, height), resample, box and tuple(box), gap)
        case ["convert", mode, matrix, dither, palette, colors]:
            # Converting a palette with transparency writes into the source's palette.
            source = image.copy() if image.mode == "P" else image
            return source.convert(mode, matrix and tuple(matrix), dither, palette, colors)
        case ["transpose", method]:
            return image.transpose(Image.Transpose(method))
        case ["rotate", angle, resample, expand, center, translate]:
            return image.rotate(
                angle, resample, expand, center and tuple(center), translate and tuple(translate)
            )
    raise UnknownOperationError(f"image operation {operation!r} is not of this version")


def check_version(version: int) -> None:
    """Refuses lineages whose operations may mean something else."""
    if version != OPERATIONS_VERSION:
        raise UnknownOperationError(
            f"image operations of version {version}; this SDK knows version {OPERATIONS_VERSION}"
        )


# Modes whose resampling, rotation and transposition cannot fail on valid arguments.
_COMMON = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F"})
_CONVERTIBLE = frozenset({"1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr"})
_INT32 = range(-(1 << 31), 1 << 31)


def predict(
    operation: Operation, mode: str, size: tuple[int, int], *, transparency: bool
) -> tuple[str, tuple[int, int]] | None:
    """Mode and size that the operation gives, if it surely succeeds; else it must be done to know.

    `transparency`: the image's info names a transparent colour, which conversions treat.
    """
    match operation:
        case ("crop", *box) if all(edge in _INT32 for edge in box):
            return mode, (box[2] - box[0], box[3] - box[1])
        case ("resize", width, height, _, box, _) if mode in _COMMON and width > 0 and height > 0:
            if min(size) > 0 and (box is None or _is_within(box, size)):
                return mode, (width, height)
        case ("convert", "L" | "RGB" | "RGBA" as target, None, *_):
            if mode in _CONVERTIBLE and not transparency:
                return target, size
        case ("transpose", method) if mode in _COMMON:
            return mode, (size[1], size[0]) if method in _SWAPPING else size
    return None


_SWAPPING = frozenset(
    {
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_270,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
    }
)


def _is_within(box: Sequence[float], size: tuple[int, int]) -> bool:
    left, top, right, bottom = box
    return 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]


def extended(operations: tuple[Operation, ...], operation: Operation) -> tuple[Operation, ...]:
    """Appends; a crop inside the crop before it is one crop, so that equal pixels have one name."""
    match (operations[-1:], operation):
        case ((("crop", left, top, right, bottom),), ("crop", *inner)):
            width, height = right - left, bottom - top
            if min(inner) >= 0 and inner[2] <= width and inner[3] <= height:
                moved = (left + inner[0], top + inner[1], left + inner[2], top + inner[3])
                return (*operations[:-1], ("crop", *moved))
    return (*operations, operation)


def as_json(operations: Iterable[Operation]) -> list[list[Any]]:
    """The form on the wire: lists all the way down."""
    return [
        [list(part) if isinstance(part, tuple) else part for part in operation]
        for operation in operations
    ]
