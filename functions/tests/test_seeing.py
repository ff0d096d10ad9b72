"""Colours, overlaps and tiles, without a model."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from _colour import NAMED, colour_of, to_lab

pytest.importorskip("onnxruntime", reason="needs the environment of functions/check.py")

from _detection import Found, tiles, without_overlaps


@pytest.mark.parametrize("name", NAMED)
def test_each_named_colour_is_its_own_nearest(name: str) -> None:
    assert colour_of(Image.new("RGB", (40, 30), NAMED[name])) == name


def test_the_surroundings_are_not_looked_at() -> None:
    image = Image.new("RGB", (100, 100), "blue")
    image.paste(NAMED["red"], (25, 25, 75, 75))
    assert colour_of(image) == "red"


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "CMYK", "1"])
def test_every_mode_has_a_colour(mode: str) -> None:
    assert colour_of(Image.new("RGB", (9, 9), "white").convert(mode)) == "white"


def test_an_image_of_one_pixel_has_a_colour() -> None:
    assert colour_of(Image.new("RGB", (1, 1))) == "black"


def test_lab_of_known_colours() -> None:
    srgb = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    expected = [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20]]
    assert to_lab(srgb) == pytest.approx(np.array(expected), abs=0.02)


def test_of_overlapping_boxes_the_best_stays() -> None:
    best = Found(0, 0, 100, 100, 0.9)
    shifted = Found(10, 0, 110, 100, 0.8)
    part = Found(20, 20, 60, 60, 0.7)
    neighbour = Found(90, 0, 190, 100, 0.6)
    assert without_overlaps([part, neighbour, shifted, best]) == [best, neighbour]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((300, 300), []),
        ((400, 300), []),
        ((3, 500), []),
        ((600, 300), [(0, 0, 300, 300), (150, 0, 450, 300), (300, 0, 600, 300)]),
        ((300, 600), [(0, 0, 300, 300), (0, 150, 300, 450), (0, 300, 300, 600)]),
    ],
)
def test_tiles(size: tuple[int, int], expected: list[tuple[int, int, int, int]]) -> None:
    assert tiles(*size) == expected


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (20, 5000), (4999, 17), (1000, 700)])
def test_tiles_cover_the_picture_with_half_overlaps(size: tuple[int, int]) -> None:
    axis = 0 if size[0] >= size[1] else 1
    pieces = [(tile[axis], tile[axis + 2]) for tile in tiles(*size)]
    assert pieces[0][0] == 0
    assert pieces[-1][1] == max(size)
    assert len(pieces) <= 11
    for (start, end), (following, _) in pairwise(pieces):
        assert following <= (start + end) / 2 + 1
