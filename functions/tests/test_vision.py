"""The real models on the demo's photograph: three cars, one with the plate 5AU 5341."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytest.importorskip("rapidocr_onnxruntime", reason="needs the environment of functions/check.py")

Make = Callable[[str, str], Any]

CARS = [(3, 53, 140, 180), (59, 46, 446, 274), (413, 50, 517, 248)]
"""Left, top, right, bottom; checked by eye."""


def test_glip_finds_the_three_cars(function: Make, photo: Image.Image, model: Path) -> None:
    boxes = function("vision_cpu", "glip")(image=photo, object_name="car")
    assert len(boxes) == len(CARS)
    for box, (left, top, right, bottom) in zip(boxes, CARS, strict=True):
        found = (box.x, box.y, box.x + box.width, box.y + box.height)
        assert found == pytest.approx((left, top, right, bottom), abs=3)


def test_glip_finds_nothing_that_is_not_there(
    function: Make, photo: Image.Image, model: Path
) -> None:
    glip = function("vision_cpu", "glip")
    assert glip(image=photo, object_name="dog") == []
    assert glip(image=Image.new("RGB", (1, 1)), object_name="dog") == []


def test_glip_gives_the_same_with_any_number_of_threads(
    function: Make, on_device: Callable[..., None], photo: Image.Image, model: Path
) -> None:
    first = function("vision_cpu", "glip")
    on_device(threads=2)
    second = type(first)()
    assert first(image=photo, object_name="car") == second(image=photo, object_name="car")


def test_ocr_reads_the_plate(function: Make, photo: Image.Image) -> None:
    reading = function("vision_cpu", "ocr")(image=photo)
    assert "5341" in reading.text
    (line,) = [one for one in reading.lines if "5341" in one.text]
    assert 300 < line.x < 330
    assert 180 < line.y < 200


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the color of the car?", "gray"),
        ("Is the car red?", "no"),
        ("What is the license plate of the car?", "5AU 5341"),
        ("What is the model of the car?", "unknown"),
    ],
)
def test_blip_answers(function: Make, photo: Image.Image, question: str, answer: str) -> None:
    given = function("vision_cpu", "blip")(image=photo.crop(CARS[1]), question=question)
    assert given.answer == answer
    assert (given.note is not None) == (answer in {"unknown", "no"})


def test_blip_says_when_there_is_no_text(function: Make) -> None:
    given = function("vision_cpu", "blip")(
        image=Image.new("RGB", (64, 64), "white"), question="What does it say?"
    )
    assert (given.answer, given.note) == ("unknown", "no text was found in the image")


@pytest.mark.parametrize(
    ("asked", "result"),
    [("gray", True), ("silver", True), ("red", False), ("color", "gray"), ("damaged", "unknown")],
)
def test_xvlm_verifies(function: Make, photo: Image.Image, asked: str, result: bool | str) -> None:
    verdict = function("vision_cpu", "xvlm")(
        image=photo.crop(CARS[1]), object_name="car", property=asked
    )
    assert verdict.result == result
    assert (verdict.note is not None) == (result == "unknown")
