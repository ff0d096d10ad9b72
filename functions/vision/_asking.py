"""BLIP and BLIP-2: words about a picture, made one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _device import Place, in_batches
from _weights import weights

if TYPE_CHECKING:
    from PIL import Image

_ANSWER_TOKENS = 20
_CAPTION_TOKENS = 40


class Answerer:
    """Answers questions."""

    def __init__(self) -> None:
        import transformers  # noqa: PLC0415

        name = weights("blip")
        self._place = Place.here()
        self._processor = transformers.AutoProcessor.from_pretrained(name)
        self._model = self._place.load(transformers.AutoModelForVisualQuestionAnswering, name)
        # BLIP-2 is a language model: it goes on with what it reads.
        self._is_language_model = self._model.config.model_type == "blip-2"

    def answers(self, asked: list[tuple[Image.Image, str]]) -> list[str]:
        """One per question."""
        return in_batches(self._answers, asked)

    def _answers(self, asked: list[tuple[Image.Image, str]]) -> list[str]:
        images = [image.convert("RGB") for image, _ in asked]
        questions = [
            f"Question: {question} Answer:" if self._is_language_model else question
            for _, question in asked
        ]
        inputs = self._processor(images=images, text=questions, padding=True, return_tensors="pt")
        tokens = self._model.generate(**self._place.put(inputs), max_new_tokens=_ANSWER_TOKENS)
        texts = self._processor.batch_decode(tokens, skip_special_tokens=True)
        return [text.split("Answer:")[-1].strip() for text in texts]


class Captioner:
    """Says what is in a picture."""

    def __init__(self) -> None:
        import transformers  # noqa: PLC0415

        name = weights("caption")
        self._place = Place.here()
        self._processor = transformers.AutoProcessor.from_pretrained(name)
        self._model = self._place.load(transformers.BlipForConditionalGeneration, name)

    def captions(self, images: list[Image.Image]) -> list[str]:
        """One per picture."""
        return in_batches(self._captions, images)

    def _captions(self, images: list[Image.Image]) -> list[str]:
        pictures = [image.convert("RGB") for image in images]
        inputs = self._place.put(self._processor(images=pictures, return_tensors="pt"))
        tokens = self._model.generate(**inputs, max_new_tokens=_CAPTION_TOKENS)
        return [
            text.strip() for text in self._processor.batch_decode(tokens, skip_special_tokens=True)
        ]
