# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6", "torch==2.13.0", "transformers==5.23.0"]
# ///
"""Object detection on a GPU: Grounding DINO, which looks for whatever it is told to."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _grounding import Detector, Found


# No docstring: it would enter the schema, which is the published one (docs/contract.md, section 5).
class BoundingBox(BaseModel):  # noqa: D101
    x: int
    y: int
    width: int
    height: int


@hermod.function(
    effect="pure",
    gpu_memory="3Gi",  # given, not measured
    max_batch_size=8,
    batched=True,
    example={"object_name": "car"},
)
class Glip:
    """Finds the locations of object_name in the image. Returns a list of bounding boxes.

    The boxes are in pixels of the image, ordered from left to right; the list is empty if there is
    none. object_name is any noun in English, with adjectives if need be ("red car").
    """

    def __init__(self) -> None:
        self._detector = Detector()

    def __call__(self, image: list[Image.Image], object_name: list[str]) -> list[list[BoundingBox]]:
        found = self._detector.find(list(zip(image, object_name, strict=True)))
        return [[_box(one) for one in boxes] for boxes in found]


def _box(found: Found) -> BoundingBox:
    left, top = round(found.left), round(found.top)
    return BoundingBox(
        x=left, y=top, width=round(found.right) - left, height=round(found.bottom) - top
    )
