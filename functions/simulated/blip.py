# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Questions about a picture, simulated: made-up answers after the time that `profile.toml` says."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _choice import pick, source
from _latency import Latency


class Answer(BaseModel):
    """The answer; a note where there is something to say about it."""

    answer: str
    note: str | None = None


COLOURS = ("black", "white", "gray", "silver", "red", "blue", "green")
MODELS = ("sedan", "hatchback", "estate", "pickup", "van")
YES_NO = ("yes", "no")


@hermod.function(
    effect="pure",
    origin="simulated",
    gpu_memory="8Gi",  # given: the paper does not say; with glip and xvlm it fits 16 GiB
    max_batch_size=16,
    concurrency=64,
    batched=True,
)
class Blip:
    """Answers a question about the image. Returns answer, a string."""

    def __init__(self) -> None:
        self._latency = Latency.here("blip")
        self._latency.load()

    async def __call__(self, image: list[Image.Image], question: list[str]) -> list[Answer]:
        await self._latency.execute(len(image))
        return [_answer(one, asked) for one, asked in zip(image, question, strict=True)]


def _answer(image: Image.Image, question: str) -> Answer:
    return Answer(answer=pick(source("blip", image, question), _choices(question.lower())))


def _choices(question: str) -> tuple[str, ...]:
    if "color" in question or "colour" in question:
        return COLOURS
    return MODELS if "model" in question else YES_NO
