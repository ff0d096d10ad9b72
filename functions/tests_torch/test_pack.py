"""Each function with the real classes of transformers, on tiny models of random weights.

What random weights answer means nothing; that there is an answer of the right form, in the right
place, and the same one in any batch, does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Make = Callable[[str], Any]


def each_alone(function: Any, **columns: list[Any]) -> list[Any]:
    """What the calls of a batch give one by one."""
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [function(**{name: [value] for name, value in row.items()})[0] for row in rows]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("blip", {"question": ["what color is the car?", "is it red", "?"]}),
        ("caption", {}),
        ("ocr", {}),
        ("xvlm", {"object_name": ["car", "dog", "car"], "property": ["damaged", "red", "intact"]}),
    ],
)
def test_a_batch_gives_what_its_calls_give_alone(
    function: Make, pictures: list[Image.Image], name: str, columns: dict[str, list[str]]
) -> None:
    served = function(name)
    together = served(image=pictures, **columns)
    assert len(together) == len(pictures)
    assert together == each_alone(served, image=pictures, **columns)


def test_glip_gives_boxes_inside_the_image_from_left_to_right(
    function: Make, pictures: list[Image.Image]
) -> None:
    glip = function("glip")
    # With random weights nothing is likely: take whatever there is.
    glip._detector._thresholds = {"threshold": 0.0, "text_threshold": 0.0}
    found = glip(image=pictures, object_name=["car", "Red dog.", "house"])
    assert all(found)
    for image, boxes in zip(pictures, found, strict=True):
        assert [box.x for box in boxes] == sorted(box.x for box in boxes)
        for box in boxes:
            assert -1 <= box.x <= box.x + box.width <= image.width + 1
            assert -1 <= box.y <= box.y + box.height <= image.height + 1


def test_glip_gives_nothing_below_the_threshold(
    function: Make, pictures: list[Image.Image]
) -> None:
    glip = function("glip")
    glip._detector._thresholds = {"threshold": 1.0, "text_threshold": 1.0}
    assert glip(image=pictures, object_name=["car"] * 3) == [[], [], []]


def test_clip_ranks_each_images_own_texts(function: Make, pictures: list[Image.Image]) -> None:
    clip_rank = function("clip_rank")
    texts = [["a car", "a dog"], [], ["house", "a red car", "it"]]
    ranked = clip_rank(image=pictures, texts=texts)
    assert "give at least one" in ranked[1].message
    for ranks, asked in ((ranked[0], texts[0]), (ranked[2], texts[2])):
        assert sorted(rank.text for rank in ranks) == sorted(asked)
        assert sum(rank.score for rank in ranks) == pytest.approx(1)
        assert [rank.score for rank in ranks] == sorted((r.score for r in ranks), reverse=True)
    (alone,) = clip_rank(image=pictures[2:], texts=texts[2:])
    assert [rank.text for rank in alone] == [rank.text for rank in ranked[2]]


def test_blip_2_answers_too(function: Make, pictures: list[Image.Image], models: Path) -> None:
    named = models / "vision.toml"
    before = named.read_text()
    named.write_text(before.replace('blip = "blip"', 'blip = "blip2"'))
    try:
        blip = function("blip")
    finally:
        named.write_text(before)
    assert blip._answerer._is_language_model
    answers = blip(image=pictures, question=["what is this?"] * 3)
    assert all("Question" not in one.answer and one.note is None for one in answers)


def test_weights_are_named_or_the_default(
    models: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from _weights import weights

    monkeypatch.delenv("DICE_MODELS", raising=False)
    assert weights("glip") == "IDEA-Research/grounding-dino-tiny"
    monkeypatch.setenv("DICE_MODELS", str(models))
    assert weights("glip") == str(models / "glip")
    monkeypatch.setenv("DICE_MODELS", str(tmp_path))
    (tmp_path / "vision.toml").write_text('glip = "somebody/else"\n')
    assert weights("glip") == "somebody/else"
    (tmp_path / "vision.toml").write_text('gilp = "x"\n')
    with pytest.raises(ValueError, match=r"vision\.toml: gilp: weights are of glip, blip"):
        weights("glip")


def test_what_does_not_fit_runs_in_halves(capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    from _device import in_batches

    sizes: list[int] = []

    def run(items: list[int]) -> list[int]:
        sizes.append(len(items))
        if len(items) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return [item * 10 for item in items]

    assert in_batches(run, range(7)) == [0, 10, 20, 30, 40, 50, 60]
    assert sizes == [7, 3, 1, 2, 4, 2, 2]
    assert "7 calls do not fit" in capsys.readouterr().err

    def never(items: list[int]) -> list[int]:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(torch.OutOfMemoryError):
        in_batches(never, range(2))


def test_a_gpu_that_is_not_there_is_an_error_that_says_so() -> None:
    import importlib

    from _device import Place

    context_module = importlib.import_module("hermod.context")
    token = context_module._current.set(context_module.Context(None, 1, "a", "A4000", 1, 1 << 30))
    try:
        with pytest.raises(RuntimeError, match="said to be a A4000, and torch finds no GPU"):
            Place.here()
    finally:
        context_module._current.reset(token)


@pytest.mark.parametrize(
    ("object_name", "asked", "first", "second"),
    [
        ("car", "damaged", "a damaged car", "an intact car"),
        ("car", "Intact", "an Intact car", "a damaged car"),
        ("umbrella", "striped", "a striped umbrella", "an umbrella that is not striped"),
    ],
)
def test_sentences_for_and_against(object_name: str, asked: str, first: str, second: str) -> None:
    from _words import opposite, statement

    assert (statement(object_name, asked), opposite(object_name, asked)) == (first, second)
