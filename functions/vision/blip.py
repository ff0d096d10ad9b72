# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy==2.2.6", "torch==2.13.0", "transformers==5.23.0"]
# ///
"""Questions about a picture on a GPU: BLIP VQA, or BLIP-2 where its weights are given."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _asking import Answerer


class Answer(BaseModel):
    """The answer; a note where there is something to say about it."""

    answer: str
    note: str | None = None


@hermod.function(
    effect="pure",
    gpu_memory="3Gi",  # given, not measured
    max_batch_size=16,
    batched=True,
    example={"question": "What is the color of the car?"},
)
class Blip:
    """Answers a question about the image. Returns answer, a string, of a word or a few."""

    def __init__(self) -> None:
        self._answerer = Answerer()

    def __call__(self, image: list[Image.Image], question: list[str]) -> list[Answer]:
        answers = self._answerer.answers(list(zip(image, question, strict=True)))
        return [Answer(answer=answer) for answer in answers]
