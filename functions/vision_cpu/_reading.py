"""Reads text in pictures with RapidOCR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidocr_onnxruntime import RapidOCR

if TYPE_CHECKING:
    from PIL import Image

LEAST_SIDE = 8
"""Pixels; in less there is no text, and the detector cannot scale it."""


@dataclass(frozen=True)
class Line:
    """A line of text and the upright box around it, in pixels."""

    text: str
    confidence: float
    left: int
    top: int
    right: int
    bottom: int


class Reader:
    """Detection, direction and recognition models, loaded; they come inside the package."""

    def __init__(self, threads: int) -> None:
        self._ocr = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)

    def lines(self, image: Image.Image) -> list[Line]:
        """The lines from top to bottom, those of equal height from left to right."""
        if min(image.size) < LEAST_SIDE:
            return []
        blue_green_red = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
        found, _ = self._ocr(blue_green_red)
        lines = [_line(*one) for one in found or []]
        return sorted(lines, key=lambda line: (line.top, line.left))


def _line(corners: list[list[float]], text: str, confidence: Any) -> Line:
    across = [x for x, _ in corners]
    down = [y for _, y in corners]
    return Line(
        text=text,
        confidence=round(float(confidence), 3),
        left=round(min(across)),
        top=round(min(down)),
        right=round(max(across)),
        bottom=round(max(down)),
    )
