"""The words of questions, objects and colours."""

from __future__ import annotations

import pytest

from _colour import colour_word
from _objects import NAMES, ids_of
from _questions import Kind, kind_of, plate_in


def test_there_are_80_objects() -> None:
    assert len(NAMES) == len(set(NAMES.values())) == 80
    assert all(ids_of(name) == {number} for number, name in NAMES.items())


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("cars", "car"),
        ("Automobile", "car"),
        ("people", "person"),
        ("pedestrians", "person"),
        ("traffic_light", "traffic light"),
        ("buses", "bus"),
        ("skis", "skis"),
        ("scissors", "scissors"),
        ("wine glasses", "wine glass"),
        ("trucks", "truck"),
    ],
)
def test_synonyms_and_plurals_are_understood(word: str, name: str) -> None:
    assert {NAMES[number] for number in ids_of(word)} == {name}


def test_a_group_is_several_objects() -> None:
    names = {NAMES[number] for number in ids_of("vehicles")}
    assert names == {"car", "motorcycle", "bus", "truck", "train"}


def test_an_unknown_object_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="cannot look for 'umbrela'") as error:
        ids_of("umbrela")
    assert "Did you mean 'umbrella'?" in str(error.value)
    assert all(name in str(error.value) for name in NAMES.values())


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is the color of the car?", Kind.COLOUR),
        ("Which colour is it painted?", Kind.COLOUR),
        ("Is the car red?", Kind.IS_COLOUR),
        ("Is it a dark gray van?", Kind.IS_COLOUR),
        ("What is the license plate?", Kind.PLATE),
        ("What is the color of the license plate?", Kind.COLOUR),
        ("What does the sign say?", Kind.TEXT),
        ("What is the model of the car?", Kind.OTHER),
        ("Is the car damaged?", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_the_kind_of_a_question(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("texts", "plate"),
    [
        (['5AU"5341'], "5AU 5341"),
        (["SKODA", "5au 5341"], "5AU 5341"),
        (["2026", "AB 123"], "AB 123"),
        (["SKODA", "CITIGO"], None),
        (["call 0800 123 456 789 now"], None),
        ([], None),
    ],
)
def test_the_text_most_like_a_plate(texts: list[str], plate: str | None) -> None:
    assert plate_in(texts) == plate


@pytest.mark.parametrize(
    ("text", "name"),
    [("Red", "red"), ("dark grey", "gray"), ("silver", "gray"), ("damaged", None), ("", None)],
)
def test_words_for_colours(text: str, name: str | None) -> None:
    assert colour_word(text) == name
