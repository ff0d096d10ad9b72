# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6", "torch==2.13.0", "transformers==5.23.0"]
# ///
"""Properties of the object in a picture, on a GPU: which of two sentences fits it better.

The paper uses X-VLM for this. Its weights have no class in transformers; BLIP's image-text matching
does the same work: it scores "a damaged car" against "an intact car".
"""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _matching import Matcher
from _words import opposite, statement


class Verdict(BaseModel):
    """The verdict; a note where there is something to say about it."""

    result: bool | str
    note: str | None = None


@hermod.function(
    effect="pure",
    gpu_memory="2Gi",  # given, not measured
    max_batch_size=16,
    batched=True,
    example={"object_name": "car", "property": "damaged"},
)
class Xvlm:
    """Verifies whether the object in the image has the property. Returns result, true or false.

    The image must show the object in its middle. The property is an adjective ("damaged", "red",
    "overturned"). note says how sure it is, from 0.5 to 1.
    """

    def __init__(self) -> None:
        self._matcher = Matcher()

    def __call__(
        self,
        image: list[Image.Image],
        object_name: list[str],
        property: list[str],  # noqa: A002 (the published name)
    ) -> list[Verdict]:
        calls = zip(image, object_name, property, strict=True)
        pairs = [(one, statement(name, asked), opposite(name, asked)) for one, name, asked in calls]
        return [
            Verdict(result=sure >= 0.5, note=f"{max(sure, 1 - sure):.2f} sure")
            for sure in self._matcher.prefer_first(pairs)
        ]
