# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6", "torch==2.13.0", "transformers==5.23.0"]
# ///
"""Which of several texts fits a picture best, on a GPU: CLIP."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _matching import Ranker


class Rank(BaseModel):
    """A text and its share of the fit."""

    text: str
    score: float


@hermod.function(
    effect="pure",
    gpu_memory="2Gi",  # given, not measured
    max_batch_size=32,
    batched=True,
    example={"texts": ["a photo of a car", "a photo of a dog", "a photo of a house"]},
)
class ClipRank:
    """Ranks texts by how well they fit the image, best first, with scores that add up to 1.

    Texts are short sentences such as "a photo of a red car"; there must be at least one.
    """

    def __init__(self) -> None:
        self._ranker = Ranker()

    def __call__(
        self, image: list[Image.Image], texts: list[list[str]]
    ) -> list[list[Rank] | hermod.Failure]:
        asked = [(one, of_image) for one, of_image in zip(image, texts, strict=True) if of_image]
        scores = iter(self._ranker.rank(asked) if asked else [])
        return [
            _ranked(of_image, next(scores))
            if of_image
            else hermod.Failure("texts is empty: give at least one")
            for of_image in texts
        ]


def _ranked(texts: list[str], scores: list[float]) -> list[Rank]:
    ranks = [Rank(text=text, score=score) for text, score in zip(texts, scores, strict=True)]
    return sorted(ranks, key=lambda rank: -rank.score)
