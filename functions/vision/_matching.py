"""How well a sentence fits a picture: BLIP's matching of one, CLIP's similarity to many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _device import Place, in_batches
from _weights import weights

if TYPE_CHECKING:
    from PIL import Image


class Matcher:
    """BLIP with its matching head: reads picture and sentence together."""

    def __init__(self) -> None:
        import transformers  # noqa: PLC0415

        name = weights("xvlm")
        self._place = Place.here()
        self._processor = transformers.AutoProcessor.from_pretrained(name)
        self._model = self._place.load(transformers.BlipForImageTextRetrieval, name)

    def prefer_first(self, asked: list[tuple[Image.Image, str, str]]) -> list[float]:
        """Per picture, 0 to 1: how much rather its first sentence fits than its second."""
        return in_batches(self._prefer_first, asked)

    def _prefer_first(self, asked: list[tuple[Image.Image, str, str]]) -> list[float]:
        images = [image.convert("RGB") for image, _, _ in asked for _ in range(2)]
        sentences = [sentence for _, *both in asked for sentence in both]
        inputs = self._processor(images=images, text=sentences, padding=True, return_tensors="pt")
        # Per sentence: does not fit, fits.
        scores = self._model(**self._place.put(inputs), use_itm_head=True).itm_score
        fits = scores.float().softmax(dim=-1)[:, 1].cpu().reshape(-1, 2)
        return [float(first / (first + second).clamp(min=1e-9)) for first, second in fits]


class Ranker:
    """CLIP: pictures and texts as vectors, near each other where they fit."""

    def __init__(self) -> None:
        import transformers  # noqa: PLC0415

        name = weights("clip_rank")
        self._place = Place.here()
        self._processor = transformers.AutoProcessor.from_pretrained(name)
        self._model = self._place.load(transformers.CLIPModel, name)

    def rank(self, asked: list[tuple[Image.Image, list[str]]]) -> list[list[float]]:
        """Per picture the share of each of its texts; they add up to 1."""
        return in_batches(self._rank, asked)

    def _rank(self, asked: list[tuple[Image.Image, list[str]]]) -> list[list[float]]:
        images = [image.convert("RGB") for image, _ in asked]
        texts = [text for _, of_image in asked for text in of_image]
        inputs = self._processor(
            images=images, text=texts, padding=True, truncation=True, return_tensors="pt"
        )
        scores = self._model(**self._place.put(inputs)).logits_per_image.float().cpu()
        ranked, start = [], 0
        for row, (_, of_image) in enumerate(asked):
            end = start + len(of_image)
            ranked.append(scores[row, start:end].softmax(dim=-1).tolist())
            start = end
        return ranked
