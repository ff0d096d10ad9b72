# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "numpy==2.2.6",
#     "onnxruntime==1.23.2",
#     "opencv-python-headless==4.11.0.86",
#     "rapidocr-onnxruntime==1.4.4",
# ]
#
# [tool.uv]
# # RapidOCR asks for the OpenCV that needs a display's libraries; the headless one does.
# override-dependencies = ["opencv-python; sys_platform == 'never'"]
# ///
"""Questions about a picture on a CPU: a rule for colours, RapidOCR for text, honest otherwise."""

from __future__ import annotations

import hermod
from PIL import Image
from pydantic import BaseModel

from _colour import colour_of
from _questions import Kind, asked_colour, kind_of, plate_in
from _reading import Reader


class Answer(BaseModel):
    """The answer; a note where there is something to say about it."""

    answer: str
    note: str | None = None


_OTHER = "only questions about colour and about text can be answered here"
_NO_TEXT = "no text was found in the image"
_NO_PLATE = "no text in the image looks like a number plate"


@hermod.function(
    effect="pure",
    gpu_memory="768Mi",  # resident: up to 640 MiB at 1280 x 720
    example={"question": "What does the sign say?"},
)
class Blip:
    """Answers a question about the image, if it is about a colour or about text.

    Returns answer, a string. Colour questions ("What is the color of the car?") are answered with
    black, gray, white, red, orange, yellow, green, blue, purple or brown: the one that is nearest
    in CIE Lab to most pixels in the middle of the image; "Is the car red?" with yes or no. Text
    questions ("What does the sign say?", "What is the license plate?") are answered by text
    recognition. The answer to anything else, or where no text is found, is "unknown", and note says
    why.
    """

    def __init__(self) -> None:
        self._reader = Reader(hermod.context().threads)

    def __call__(self, image: Image.Image, question: str) -> Answer:
        match kind_of(question):
            case Kind.COLOUR:
                return Answer(answer=colour_of(image))
            case Kind.IS_COLOUR:
                return _is_colour(image, question)
            case Kind.PLATE | Kind.TEXT as kind:
                return self._read(image, plate=kind is Kind.PLATE)
            case Kind.OTHER:
                return Answer(answer="unknown", note=_OTHER)

    def _read(self, image: Image.Image, *, plate: bool) -> Answer:
        texts = [line.text for line in self._reader.lines(image)]
        if not texts:
            return Answer(answer="unknown", note=_NO_TEXT)
        if not plate:
            return Answer(answer=" ".join(texts))
        found = plate_in(texts)
        return Answer(answer=found) if found else Answer(answer="unknown", note=_NO_PLATE)


def _is_colour(image: Image.Image, question: str) -> Answer:
    asked, seen = asked_colour(question), colour_of(image)
    return Answer(answer="yes" if asked == seen else "no", note=f"the nearest colour is {seen}")
