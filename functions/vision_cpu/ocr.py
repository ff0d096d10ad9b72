# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "numpy==2.2.6",
#     "onnxruntime==1.23.2",
#     "opencv-python-headless==4.11.0.86",
#     "rapidocr-onnxruntime==1.4.4",
# ]
#
# [tool.uv]
# # RapidOCR asks for the OpenCV that needs a display's libraries; the headless one does.
# override-dependencies = ["opencv-python; sys_platform == 'never'"]
# ///
"""Reading text on a CPU: RapidOCR, whose models come inside its package."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _reading import Line, Reader


class TextLine(BaseModel):
    """One line of text and the box around it, in pixels of the image."""

    text: str
    confidence: float
    x: int
    y: int
    width: int
    height: int


class Reading(BaseModel):
    """All text of an image."""

    text: str
    lines: list[TextLine]


@hermod.function(effect="pure", gpu_memory="768Mi")  # resident: up to 640 MiB at 1280 x 720
class Ocr:
    """Reads the text in the image, such as number plates and signs.

    Returns text, all lines joined by newlines from top to bottom ("" if there is none), and lines,
    each with its text, confidence (0 to 1) and bounding box in pixels. The text is what the model
    read, uncorrected.
    """

    def __init__(self) -> None:
        self._reader = Reader(hermod.context().threads)

    def __call__(self, image: Image.Image) -> Reading:
        lines = self._reader.lines(image)
        return Reading(
            text="\n".join(line.text for line in lines), lines=[_text_line(line) for line in lines]
        )


def _text_line(line: Line) -> TextLine:
    return TextLine(
        text=line.text,
        confidence=line.confidence,
        x=line.left,
        y=line.top,
        width=line.right - line.left,
        height=line.bottom - line.top,
    )
