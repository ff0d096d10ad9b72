"""Random histories on images of random modes: Pillow's pixels, and the same by replay (V2)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hermod import images
from pictures import MODES, file_of, picture, same, transparent_palette

BLOB = "sha256:" + "cd" * 32

coordinate = st.one_of(
    st.integers(-12, 40),
    st.floats(-12, 40).map(lambda number: round(number, 2)),
    st.sampled_from([0.5, 1.5, 2.5, -0.5]),
)
side = st.integers(1, 30)

operation = st.one_of(
    st.tuples(st.just("crop"), st.tuples(coordinate, coordinate, coordinate, coordinate)),
    st.tuples(
        st.just("resize"),
        st.tuples(side, side),
        st.sampled_from([None, *map(int, Image.Resampling)]),
        st.one_of(st.none(), st.tuples(coordinate, coordinate, coordinate, coordinate)),
        st.sampled_from([None, 1.0, 2.0, 3.5]),
    ),
    st.tuples(st.just("convert"), st.sampled_from([None, *MODES])),
    st.tuples(st.just("transpose"), st.sampled_from(list(Image.Transpose))),
    st.tuples(
        st.just("rotate"),
        st.one_of(st.sampled_from([0, 90, 180, 270, -90]), st.floats(-400, 400)),
        st.sampled_from([0, 2, 3]),
        st.booleans(),
    ),
    st.tuples(st.just("thumbnail"), st.tuples(side, side)),
    st.tuples(st.just("copy")),
)


def do(image: Image.Image, step: tuple[Any, ...]) -> Image.Image | tuple[type, str]:
    """The image after the step, or what was raised."""
    name, *arguments = step
    try:
        derived = getattr(image, name)(*arguments)
    except Exception as error:
        return type(error), str(error)
    return image if derived is None else derived


def original(mode: str, seed: int) -> bytes:
    if mode in {"RGB", "L", "CMYK"} and seed % 3 == 0:
        return file_of(picture(mode, 40, 31, seed=seed), "JPEG")
    if mode == "P":
        return file_of(transparent_palette(bytes(range(256)) if seed % 2 else 5, seed), "PNG")
    return images.to_blob(picture(mode, seed=seed))[1]


# Pillow warns of palettes that it cannot convert, here and in every replay.
@pytest.mark.filterwarnings("ignore")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    mode=st.sampled_from(MODES),
    seed=st.integers(1, 12),
    steps=st.lists(operation, max_size=5),
    touched=st.integers(0, 5),
)
def test_a_history_gives_pillows_pixels(
    mode: str, seed: int, steps: list[tuple[Any, ...]], touched: int
) -> None:
    """RUNTIME V2."""
    data = original(mode, seed)
    tracked: Image.Image = images.open_tracked(data, BLOB)
    plain: Image.Image = images.Original(data, BLOB).open()
    for number, step in enumerate(steps):
        if number == touched:
            tracked.load()
            plain.load()
        mine, pillows = do(tracked, step), do(plain, step)
        if isinstance(pillows, tuple):
            assert mine == pillows
            continue
        assert isinstance(mine, Image.Image)
        tracked, plain = mine, pillows
        assert (tracked.mode, tracked.size) == (plain.mode, plain.size)
    handle = images.handle_of(tracked)
    assert handle is not None, "every step was of the set"
    assert same(tracked, plain)
    replayed = images.from_handle(images.Original(data, BLOB), handle)
    assert (replayed.mode, replayed.size) == (plain.mode, plain.size)
    assert same(replayed, plain)
    decoded = images.Original(data, BLOB)
    draft = [step for step in handle["operations"] if step[0] == "draft"]
    pixels = decoded.decoded(*draft)
    assert same(images.apply(pixels, handle["operations"][len(draft) :]), plain)


@settings(max_examples=100, deadline=None)
@given(
    boxes=st.lists(
        st.tuples(coordinate, coordinate, coordinate, coordinate), min_size=2, max_size=6
    )
)
def test_crops_of_crops(boxes: list[tuple[float, float, float, float]]) -> None:
    data = file_of(picture("RGB", 31, 29), "PNG")
    tracked: Image.Image = images.open_tracked(io.BytesIO(data), BLOB)
    plain: Image.Image = Image.open(io.BytesIO(data))
    for box in boxes:
        mine, pillows = do(tracked, ("crop", box)), do(plain, ("crop", box))
        if isinstance(mine, tuple) or isinstance(pillows, tuple):
            assert mine == pillows
            return
        tracked, plain = mine, pillows
    assert same(tracked, plain)
