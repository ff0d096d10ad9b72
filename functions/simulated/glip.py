# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Object detection, simulated: made-up boxes after the time that `profile.toml` says."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _choice import box_inside, how_many, source
from _latency import Latency


# No docstring: it would enter the schema, which is the published one (docs/contract.md, section 5).
class BoundingBox(BaseModel):  # noqa: D101
    x: int
    y: int
    width: int
    height: int


@hermod.function(
    effect="pure",
    origin="simulated",
    gpu_memory="4Gi",  # given: the paper does not say; with blip and xvlm it fits 16 GiB
    max_batch_size=16,
    concurrency=64,
    batched=True,
)
class Glip:
    """Finds the locations of object_name in the image. Returns a list of bounding boxes."""

    def __init__(self) -> None:
        self._latency = Latency.here("glip")
        self._latency.load()

    async def __call__(
        self, image: list[Image.Image], object_name: list[str]
    ) -> list[list[BoundingBox]]:
        await self._latency.execute(len(image))
        return [_boxes(one, name) for one, name in zip(image, object_name, strict=True)]


def _boxes(image: Image.Image, object_name: str) -> list[BoundingBox]:
    numbers = source("glip", image, object_name)
    boxes = sorted(box_inside(numbers, image.size) for _ in range(how_many(numbers)))
    return [BoundingBox(x=x, y=y, width=width, height=height) for x, y, width, height in boxes]
