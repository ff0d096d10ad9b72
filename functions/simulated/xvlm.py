# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Properties of an object, simulated: made-up verdicts after the time that `profile.toml` says."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _choice import pick, source
from _latency import Latency


class Verdict(BaseModel):
    """The verdict; a note where there is something to say about it."""

    result: bool | str
    note: str | None = None


@hermod.function(
    effect="pure",
    origin="simulated",
    gpu_memory="3Gi",  # given: the paper does not say; with glip and blip it fits 16 GiB
    max_batch_size=16,
    concurrency=64,
    batched=True,
)
class Xvlm:
    """Verifies whether the object in the image has the property. Returns result, true or false."""

    def __init__(self) -> None:
        self._latency = Latency.here("xvlm")
        self._latency.load()

    async def __call__(
        self,
        image: list[Image.Image],
        object_name: list[str],
        property: list[str],  # noqa: A002 (the published name)
    ) -> list[Verdict]:
        await self._latency.execute(len(image))
        calls = zip(image, object_name, property, strict=True)
        return [
            Verdict(result=pick(source("xvlm", one, name, asked), (True, False)))
            for one, name, asked in calls
        ]
