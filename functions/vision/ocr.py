# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6", "torch==2.13.0", "transformers==5.23.0"]
# ///
"""Reading a line of text on a GPU: TrOCR."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _line_reading import LineReader


class Reading(BaseModel):
    """The text of an image."""

    text: str


@hermod.function(
    effect="pure",
    gpu_memory="3Gi",  # given, not measured
    max_batch_size=16,
    batched=True,
)
class Ocr:
    """Reads the one line of printed text that the image shows, such as a number plate.

    Returns text, what the model read, uncorrected. The image must be cut to the line: of a whole
    photograph it reads something or other. It answers even where there is no text.
    """

    def __init__(self) -> None:
        self._reader = LineReader()

    def __call__(self, image: list[Image.Image]) -> list[Reading]:
        return [Reading(text=text) for text in self._reader.lines(image)]
