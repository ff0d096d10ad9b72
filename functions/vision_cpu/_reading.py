"""Reads text in pictures with RapidOCR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from onnxruntime import SessionOptions
from rapidocr_onnxruntime import RapidOCR
from rapidocr_onnxruntime.utils import infer_engine

if TYPE_CHECKING:
    from PIL import Image

LEAST_SIDE = 8
"""Pixels; in less there is no text, and the detector cannot scale it."""


class _PatientOptions(SessionOptions):  # type: ignore[misc]
    """Without spinning threads: they would take the cores that other workers need."""

    def __init__(self) -> None:
        super().__init__()
        self.add_session_config_entry("session.intra_op.allow_spinning", "0")


# RapidOCR makes its sessions' options itself and offers no setting for this.
infer_engine.SessionOptions = _PatientOptions


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
        cv2.setNumThreads(threads)
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
