"""What kind of question it is, by its words: this pack answers about colours and text only."""

from __future__ import annotations

import re
from enum import Enum

from _colour import colour_word


class Kind(Enum):
    """What has to be looked at to answer."""

    COLOUR = "colour"
    """The name of the colour."""
    IS_COLOUR = "is it this colour"
    """Yes or no."""
    PLATE = "number plate"
    TEXT = "text"
    OTHER = "other"


_COLOUR = {"color", "colors", "colour", "colours", "colored", "coloured", "paint", "painted"}
_PLATE = {"plate", "plates", "registration", "licence", "license"}
_TEXT = {
    "text", "written", "write", "read", "reads", "say", "says", "word", "words", "letters",
    "lettering", "inscription", "label", "caption", "spell",
}  # fmt: skip
_YES_NO = ("is ", "are ", "does ", "do ", "was ", "were ", "has ", "have ")


def kind_of(question: str) -> Kind:
    """By the words alone; the first rule that fits."""
    words = set(_words(question))
    if words & _PLATE and not words & _COLOUR:
        return Kind.PLATE
    if question.strip().lower().startswith(_YES_NO) and asked_colour(question):
        return Kind.IS_COLOUR
    if words & _COLOUR:
        return Kind.COLOUR
    return Kind.TEXT if words & _TEXT else Kind.OTHER


def asked_colour(question: str) -> str | None:
    """The first of the ten colours that a question names."""
    return next(filter(None, map(colour_word, _words(question))), None)


def plate_in(texts: list[str]) -> str | None:
    """The text most like a number plate: letters and digits, 4 to 10 of them; other marks go."""
    candidates = []
    for text in texts:
        cleaned = " ".join(re.findall(r"[A-Z0-9]+", text.upper()))
        marks = cleaned.replace(" ", "")
        if 4 <= len(marks) <= 10 and re.search(r"\d", marks):
            candidates.append((bool(re.search(r"[A-Z]", marks)), len(marks), cleaned))
    return max(candidates)[2] if candidates else None


def _words(question: str) -> list[str]:
    return re.findall(r"[a-z]+", question.lower())
