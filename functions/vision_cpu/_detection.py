"""COCO SSD on onnxruntime: scores and boxes of whole pictures and tiles, overlaps removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

MIN_SCORE = 0.4
"""Least score of a detection."""
MIN_SIDE = 16
"""Pixels: smaller objects are left out, there is nothing to be seen of them in a crop."""
OVERLAP = 0.5
"""Of two boxes with more of their union in common, the one with the lower score is dropped."""
INSIDE = 0.8
"""So is a box with more of its area inside a better one: a part of the same object."""
TILED_FROM = 1.4
"""Longer side by shorter side from which a picture is tiled as well: the model sees 300 x 300."""
MOST_PIECES = 6
"""Side by side; with their overlaps at most 11."""
EDGE = 0.02
"""Of a tile's side: a box this near to a cut is a part of an object that another tile has whole."""


@dataclass(frozen=True)
class Found:
    """One object: its box in pixels, corners as floats, and how sure the model is."""

    left: float
    top: float
    right: float
    bottom: float
    score: float

    @property
    def shorter_side(self) -> float:
        """In pixels."""
        return min(self.right - self.left, self.bottom - self.top)

    @property
    def area(self) -> float:
        """In square pixels."""
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def common(self, other: Found) -> float:
        """Area of the intersection."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)


class Detector:
    """The model, loaded."""

    def __init__(self, model: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads would take the cores that other workers need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )

    def find(self, image: Image.Image, ids: frozenset[int]) -> list[Found]:
        """Objects of these COCO numbers, from left to right."""
        picture = np.asarray(image.convert("RGB"))
        height, width = picture.shape[:2]
        found = []
        for tile in [(0, 0, width, height), *tiles(width, height)]:
            found += _without_cut(self._in_tile(picture, tile, ids), tile, width, height)
        kept = without_overlaps(found)
        return sorted(kept, key=lambda one: (one.left, one.top, one.right, one.bottom))

    def _in_tile(
        self, picture: NDArray[np.uint8], tile: tuple[int, int, int, int], ids: frozenset[int]
    ) -> list[Found]:
        left, top, right, bottom = tile
        pixels = np.ascontiguousarray(picture[top:bottom, left:right])[None]
        scores, boxes = self._outputs(pixels)
        wanted = scores[:, [number - 1 for number in sorted(ids)]].max(axis=1)
        size = np.array([bottom - top, right - left] * 2, dtype=np.float32)
        found = []
        for index in np.flatnonzero(wanted >= MIN_SCORE):
            y1, x1, y2, x2 = (np.clip(boxes[index], 0.0, 1.0) * size).tolist()
            one = Found(x1 + left, y1 + top, x2 + left, y2 + top, float(wanted[index]))
            if one.shorter_side >= MIN_SIDE:
                found.append(one)
        return found

    def _outputs(
        self, pixels: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """1917 x 90 scores and 1917 x 4 boxes (y1, x1, y2, x2 in 0..1), in whichever order."""
        outputs = self._session.run(None, {self._session.get_inputs()[0].name: pixels})
        first, second = (np.asarray(output).squeeze() for output in outputs)
        return (second, first) if first.shape[-1] == 4 else (first, second)


def tiles(width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Pieces along the longer side, each at least half over its neighbour; none for a squarish one.

    They are squares, but for extreme pictures, whose pieces are long instead of many.
    """
    short, long = sorted((width, height))
    if short < MIN_SIDE or long / short < TILED_FROM:
        return []
    length = max(short, -(-long // MOST_PIECES))
    count = -(-2 * (long - length) // length) + 1
    starts = [round(step * (long - length) / (count - 1)) for step in range(count)]
    if width >= height:
        return [(start, 0, start + length, height) for start in starts]
    return [(0, start, width, start + length) for start in starts]


def _without_cut(
    found: list[Found], tile: tuple[int, int, int, int], width: int, height: int
) -> list[Found]:
    """Drops what touches an edge of the tile that is not an edge of the picture."""
    left, top, right, bottom = tile
    near = EDGE * min(right - left, bottom - top)
    return [
        one
        for one in found
        if (left == 0 or one.left > left + near)
        and (top == 0 or one.top > top + near)
        and (right == width or one.right < right - near)
        and (bottom == height or one.bottom < bottom - near)
    ]


def without_overlaps(found: list[Found]) -> list[Found]:
    """Keeps the best of boxes that show the same object (greedy non-maximum suppression)."""
    kept: list[Found] = []
    best_first = sorted(found, key=lambda one: (-one.score, one.left, one.top))
    for one in best_first:
        if not any(_same(one, better) for better in kept):
            kept.append(one)
    return kept


def _same(one: Found, better: Found) -> bool:
    common = one.common(better)
    union = one.area + better.area - common
    return common > OVERLAP * union or common > INSIDE * min(one.area, better.area)
