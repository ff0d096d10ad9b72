"""Grounding DINO: boxes of whatever a text names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from _device import Place, in_batches
from _weights import weights

if TYPE_CHECKING:
    from PIL import Image

_BOX = 0.35
_TEXT = 0.25
"""The thresholds of the model's authors, for boxes and for the words that they belong to."""


class Found(NamedTuple):
    """A box in pixels of the image."""

    left: float
    top: float
    right: float
    bottom: float


class Detector:
    """The model and its processor, on this worker's device."""

    def __init__(self, box_threshold: float = _BOX, text_threshold: float = _TEXT) -> None:
        import transformers  # noqa: PLC0415

        name = weights("glip")
        self._place = Place.here()
        self._processor = transformers.AutoProcessor.from_pretrained(name)
        self._model = self._place.load(transformers.AutoModelForZeroShotObjectDetection, name)
        self._thresholds = {"threshold": box_threshold, "text_threshold": text_threshold}

    def find(self, asked: list[tuple[Image.Image, str]]) -> list[list[Found]]:
        """Per image the boxes of what it is asked for, from left to right."""
        return in_batches(self._find, asked)

    def _find(self, asked: list[tuple[Image.Image, str]]) -> list[list[Found]]:
        images = [image.convert("RGB") for image, _ in asked]
        # As the model was trained: lower case, ended by a full stop.
        texts = [f"{name.strip().lower().rstrip('.')}." for _, name in asked]
        inputs = self._processor(images=images, text=texts, padding=True, return_tensors="pt")
        inputs = self._place.put(inputs)
        outputs = self._model(**inputs)
        results = self._processor.post_process_grounded_object_detection(
            outputs,
            inputs["input_ids"],
            target_sizes=[image.size[::-1] for image in images],
            **self._thresholds,
        )
        return [
            sorted(Found(*box) for box in result["boxes"].float().cpu().tolist())
            for result in results
        ]
