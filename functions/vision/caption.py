# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6", "torch==2.13.0", "transformers==5.23.0"]
# ///
"""A sentence about a picture, on a GPU: BLIP."""

from __future__ import annotations

import hermod
from PIL import Image

from _asking import Captioner


@hermod.function(
    effect="pure",
    gpu_memory="3Gi",  # given, not measured
    max_batch_size=16,
    batched=True,
)
class Caption:
    """Describes the image in one short sentence of English, in lower case."""

    def __init__(self) -> None:
        self._captioner = Captioner()

    def __call__(self, image: list[Image.Image]) -> list[str]:
        return self._captioner.captions(image)
