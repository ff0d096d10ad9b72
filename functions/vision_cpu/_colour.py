"""Names the colour of a thing: nearest of ten in CIE Lab, by majority over the picture's middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMED: dict[str, tuple[int, int, int]] = {
    "black": (20, 20, 22),
    "gray": (155, 155, 157),
    "white": (235, 235, 235),
    "red": (180, 30, 30),
    "orange": (230, 120, 30),
    "yellow": (230, 200, 40),
    "green": (50, 130, 60),
    "blue": (40, 80, 170),
    "purple": (110, 50, 130),
    "brown": (100, 65, 40),
}
"""Typical sRGB of each name, as things look in photographs rather than pure."""

WORDS: dict[str, str] = {
    "grey": "gray",
    "silver": "gray",
    "violet": "purple",
    "maroon": "red",
    "navy": "blue",
    "golden": "yellow",
    "gold": "yellow",
    "beige": "brown",
    "tan": "brown",
}
"""Other words, as the name that stands for them."""

MIDDLE = 0.5
"""Of width and height: what surrounds a thing in its box is not looked at."""
LONGEST_SIDE = 96
"""Pixels after shrinking: enough for a majority, the same time for every picture."""


def colour_of(image: Image.Image) -> str:
    """The name most pixels of the middle are nearest to."""
    names = list(NAMED)
    palette = to_lab(np.array(list(NAMED.values()), dtype=np.float64) / 255)
    pixels = to_lab(_middle(image))
    distances = ((pixels[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    votes = np.bincount(distances.argmin(axis=1), minlength=len(names))
    return names[int(votes.argmax())]


def colour_word(text: str) -> str | None:
    """The one of the ten names that a word stands for."""
    word = text.strip().lower()
    for prefix in ("dark ", "light ", "bright ", "pale "):
        word = word.removeprefix(prefix)
    word = WORDS.get(word, word)
    return word if word in NAMED else None


def _middle(image: Image.Image) -> NDArray[np.float64]:
    width, height = image.size
    if width == 0 or height == 0:
        raise ValueError("the image is empty")
    across, down = (max(1, round(side * MIDDLE)) for side in (width, height))
    left, top = (width - across) // 2, (height - down) // 2
    middle = image.convert("RGB").crop((left, top, left + across, top + down))
    middle.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(middle, dtype=np.float64).reshape(-1, 3) / 255


def to_lab(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """SRGB in 0..1 to CIE L*a*b* under D65."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    white = np.array([0.95047, 1.0, 1.08883])
    ratio = (linear @ matrix.T) / white
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
