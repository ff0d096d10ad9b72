"""TrOCR: a picture of a line of text to its characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _device import Place, in_batches
from _weights import weights

if TYPE_CHECKING:
    from PIL import Image

_TOKENS = 64


class LineReader:
    """The model and its processor, on this worker's device."""

    def __init__(self) -> None:
        import transformers  # noqa: PLC0415

        name = weights("ocr")
        self._place = Place.here()
        self._processor = transformers.AutoProcessor.from_pretrained(name)
        self._model = self._place.load(transformers.VisionEncoderDecoderModel, name)

    def lines(self, images: list[Image.Image]) -> list[str]:
        """One per picture."""
        return in_batches(self._lines, images)

    def _lines(self, images: list[Image.Image]) -> list[str]:
        pictures = [image.convert("RGB") for image in images]
        inputs = self._place.put(self._processor(images=pictures, return_tensors="pt"))
        tokens = self._model.generate(inputs["pixel_values"], max_new_tokens=_TOKENS)
        return [
            text.strip() for text in self._processor.batch_decode(tokens, skip_special_tokens=True)
        ]
