"""Made-up results depend on arguments alone; latencies are the profile's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from _choice import OBJECTS, box_inside, how_many, source
from _latency import Latency

Make = Callable[[str, str], Any]


def picture(number: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    return Image.new("RGB", size, (number % 256, number // 256, 7))


def test_a_batch_gives_what_its_calls_give_alone(function: Make) -> None:
    glip = function("simulated", "glip")
    images = [picture(number) for number in range(5)]
    together = asyncio.run(glip(image=images, object_name=["car"] * 5))
    alone = [asyncio.run(glip(image=[image], object_name=["car"]))[0] for image in images]
    assert together == alone
    assert len({str(boxes) for boxes in together}) == 5


def test_results_depend_on_pixels_and_words(function: Make) -> None:
    blip = function("simulated", "blip")
    copies = [picture(300), picture(300).copy().crop((0, 0, 640, 480))]
    same = asyncio.run(blip(image=copies, question=["What model is it?"] * 2))
    assert same[0] == same[1]
    other = [picture(number) for number in range(20)]
    answers = asyncio.run(blip(image=other, question=["What is the color?"] * 20))
    assert len({answer.answer for answer in answers}) > 3


def test_xvlm_says_true_and_false(function: Make) -> None:
    xvlm = function("simulated", "xvlm")
    images = [picture(number) for number in range(20)]
    verdicts = asyncio.run(xvlm(image=images, object_name=["car"] * 20, property=["damaged"] * 20))
    assert {verdict.result for verdict in verdicts} == {True, False}


def test_objects_are_as_many_as_in_the_fit() -> None:
    assert sum(share for _, share in OBJECTS) == pytest.approx(1)
    counts = [how_many(source("glip", picture(number))) for number in range(2000)]
    assert set(counts) == {2, 3, 4, 5}
    assert sum(counts) / len(counts) == pytest.approx(3.43, abs=0.08)


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (640, 480), (4000, 10)])
def test_boxes_are_inside(size: tuple[int, int]) -> None:
    for number in range(50):
        left, top, width, height = box_inside(source("glip", picture(number)), size)
        assert 0 <= left < left + width <= size[0]
        assert 0 <= top < top + height <= size[1]


@pytest.mark.parametrize(
    ("device_type", "size", "seconds"),
    [
        ("A100-80G", 1, 0.443),
        ("A100-80G", 16, 2.363),
        ("A100-80G", 6, 0.443 + (2.363 - 0.443) / 3),
        ("A100-80G", 32, 4.726),
        ("A4000", 1, 0.797),
    ],
)
def test_latencies_are_the_profiles(
    on_device: Callable[..., None], device_type: str, size: int, seconds: float
) -> None:
    on_device(device_type)
    assert Latency.here("blip").seconds(size) == pytest.approx(seconds, abs=0.001)


def test_a_device_without_figures_is_an_error_that_names_those_with(
    on_device: Callable[..., None],
) -> None:
    on_device("H100")
    with pytest.raises(LookupError, match="no figures of blip on H100; it has A100-80G, A6000"):
        Latency.here("blip")


def test_a_call_takes_its_time_scaled(
    on_device: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setenv("HERMOD_TIME_SCALE", "0.5")
    on_device("A100-80G")
    asyncio.run(Latency.here("blip").execute(1))
    assert slept == [pytest.approx(0.443 / 2)]
