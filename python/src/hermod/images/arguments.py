"""Pillow's arguments in canonical form, or `None` where they cannot be written down."""

from __future__ import annotations

import math
from operator import index
from typing import Any

from PIL import Image

from hermod.images.operations import Operation

_FILTERS = frozenset(int(filter_) for filter_ in Image.Resampling)
_ROTATING = frozenset(
    {Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC}
)


def resize_operation(size: Any, resample: Any, box: Any, gap: Any) -> Operation | None:
    """`["resize", …]`; numbers of other libraries become Python's."""
    try:
        width, height = (index(side) for side in size)
        resample = index(Image.Resampling.BICUBIC if resample is None else resample)
        box = None if box is None else _floats(box, 4)
        gap = None if gap is None else _float(gap)
    except (TypeError, ValueError):
        return None
    if resample not in _FILTERS or (gap is not None and gap < 1.0):
        return None
    return ("resize", width, height, resample, box, gap)


def convert_operation(
    mode: Any, matrix: Any, dither: Any, palette: Any, colors: Any
) -> Operation | None:
    """`["convert", …]`."""
    try:
        matrix = _floats(matrix, len(matrix)) if matrix else None
        dither = None if dither is None else index(dither)
        palette, colors = index(palette), index(colors)
    except (TypeError, ValueError):
        return None
    if mode is not None and type(mode) is not str:
        return None
    return ("convert", mode, matrix, dither, palette, colors)


def rotate_operation(
    angle: Any, resample: Any, expand: Any, center: Any, translate: Any, fillcolor: Any
) -> Operation | None:
    """`["rotate", …]`; a fill colour is not part of the set."""
    try:
        angle, resample = _float(angle), index(resample)
        center = _floats(center, 2) if center else None
        translate = tuple(index(side) for side in translate) if translate else None
        expand = bool(expand)
    except (TypeError, ValueError):
        return None
    if resample not in _ROTATING or fillcolor is not None or (translate and len(translate) != 2):
        return None
    return ("rotate", angle, resample, expand, center, translate)


def _floats(numbers: Any, count: int) -> tuple[float, ...]:
    floats = tuple(_float(number) for number in numbers)
    if len(floats) != count:
        raise ValueError(f"{count} numbers are needed")
    return floats


def _float(number: Any) -> float:
    if isinstance(number, str):
        raise TypeError("text is not a number to Pillow")
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{value} does not travel")
    return value
