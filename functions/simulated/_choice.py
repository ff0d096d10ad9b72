"""Makes results up: each is a function of its call's arguments, and looks like the real thing."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

from PIL import Image

T = TypeVar("T")

Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""

OBJECTS: tuple[tuple[int, float], ...] = ((2, 0.20), (3, 0.32), (4, 0.33), (5, 0.15))
"""How many objects an image has, and how often: 3.43 on average, as the fit to the paper has it."""


def source(function: str, image: Image.Image, *words: str) -> random.Random:
    """Random numbers that depend on the arguments alone: pixels, not how they came here."""
    digest = hashlib.sha256(f"{function} {image.mode} {image.size} {words}".encode())
    digest.update(image.tobytes())
    # Only `random()` gives the same numbers in every Python version; the others are not used.
    return random.Random(int.from_bytes(digest.digest()))  # noqa: S311


def pick(numbers: random.Random, choices: Sequence[T]) -> T:
    """One of the choices."""
    return choices[int(numbers.random() * len(choices))]


def how_many(numbers: random.Random) -> int:
    """How many objects an image has."""
    drawn = numbers.random()
    for count, share in OBJECTS:
        drawn -= share
        if drawn < 0:
            return count
    return OBJECTS[-1][0]


def box_inside(numbers: random.Random, size: tuple[int, int]) -> Box:
    """A box of a tenth to a third of each side, inside the image."""
    left, width = _span(numbers, size[0])
    top, height = _span(numbers, size[1])
    return left, top, width, height


def _span(numbers: random.Random, side: int) -> tuple[int, int]:
    length = max(1, int(side * (0.1 + 0.233 * numbers.random())))
    return int((side - length + 1) * numbers.random()), length
