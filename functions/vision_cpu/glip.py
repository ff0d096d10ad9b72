# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6", "onnxruntime==1.23.2"]
# ///
"""Object detection on a CPU: COCO SSD (SSDLite MobileNet v2)."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _detection import Detector, Found
from _models import COCOSSD, find_model
from _objects import ids_of


# No docstring: it would enter the schema, which is the published one (docs/contract.md, section 5).
class BoundingBox(BaseModel):  # noqa: D101
    x: int
    y: int
    width: int
    height: int


@hermod.function(
    effect="pure",
    gpu_memory="256Mi",  # resident: 221 MiB at 1280 x 720
    example={"object_name": "car"},
)
class Glip:
    """Finds the locations of object_name in the image. Returns a list of bounding boxes.

    The boxes are in pixels of the image, ordered from left to right; the list is empty if there is
    none. object_name is one of the 80 COCO object names (person, car, truck, bus, dog, chair, ...),
    a common synonym or plural of one, "vehicle" or "animal"; any other word is an error that lists
    the known names. Objects smaller than 16 pixels are left out.
    """

    def __init__(self) -> None:
        self._detector = Detector(find_model(COCOSSD), hermod.context().threads)

    def __call__(self, image: Image.Image, object_name: str) -> list[BoundingBox]:
        return [_box(found) for found in self._detector.find(image, ids_of(object_name))]


def _box(found: Found) -> BoundingBox:
    left, top = round(found.left), round(found.top)
    return BoundingBox(
        x=left, y=top, width=round(found.right) - left, height=round(found.bottom) - top
    )
