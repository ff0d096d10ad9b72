"""Calls on a guess (E3): what is proved of them, what the runs allow, and what they catch."""

from __future__ import annotations

from pathlib import Path

import pytest

from hermod.testing.functions import functions_of
from hermod.testing.verify.pair import Pair
from hermod.testing.verify.verdict import search
from test_verify_ahead import END, HEAD, indented
from test_verify_proof import FUNCTIONS, ROOT, SNAPSHOTS, ask

PROGRAMS = sorted((ROOT / "tests" / "speculation").glob("*.py"))
BODY = """
seen = ["x"]
for text in ["a", "b", "c"]:
    category = await hermod.call("classify", text=text)
    print(category, len(seen))
    if category > "m":
        break
"""
GOOD = """
for text in ["a", "b", "c"]:
    guess.start(hermod.call("classify", text=text))
"""
#: What may not be guessed, and what the proof says of it.
BAD = {
    "a write": (
        'guess.start(hermod.call("count_up", name="n", by=1))',
        "E3 calls of `count_up` are guessed",
    ),
    "a write that is awaited": (
        'await hermod.call("count_up", name="n", by=1)',
        "E3 calls of `count_up` are guessed",
    ),
    "a read": (
        'guess.start(hermod.call("weather", city="x"))',
        "E3 calls of `weather` are guessed",
    ),
    "a read after a guess has come": (
        'early = await hermod.call("classify", text="a")\nawait hermod.call("weather", city=early)',
        "E3 calls of `weather` are guessed",
    ),
    "a function that declares nothing": (
        'guess.start(hermod.call("caption", image="x"))',
        "E3 calls of `caption` are guessed",
    ),
    "a print": (
        'print(await hermod.call("classify", text="a"))',
        "A3 prints",
    ),
    "a change of a shared list": (
        'seen.append(await hermod.call("classify", text="a"))',
        "A3 it changes `seen`",
    ),
}  # fmt: skip


def pair(ahead: str, scope: str = "hermod.ahead(speculate=4)") -> tuple[str, str]:
    """The serial program, and the one with this guess ahead of it."""
    first, rest = BODY.strip().split("\n", 1)
    body = [
        indented(first, 4),
        "    async def guess_ahead():\n", indented(ahead, 8),
        f"    async with {scope} as guess:\n",
        "        guess.start(guess_ahead())\n", indented(rest, 8),
    ]  # fmt: skip
    return HEAD + indented(BODY, 4) + END, HEAD + "".join(body) + END


def doubts(texts: tuple[str, str]) -> list[str]:
    return [f"{one['rule']} {one['why']}" for one in ask(*texts) if one["status"] == "tested"]


def differences(texts: tuple[str, str]) -> list[str]:
    found = search(Pair(*texts, functions_of(FUNCTIONS)), 0, 150, {})
    return [f"{one.rule} {one.what}" for one in found.differences] if found else []


@pytest.mark.parametrize("scope", ["hermod.ahead(speculate=4)", "hermod.ahead(speculate='$0.05')"])
def test_a_guess_that_nobody_sees_is_proved_as_a_whole(scope: str) -> None:
    assert not doubts(pair(GOOD, scope))
    assert not differences(pair(GOOD, scope))


def test_what_is_no_guess_is_not_allowed_what_guesses_are() -> None:
    texts = pair(GOOD, "hermod.ahead()")
    assert doubts(texts) == ["E3 its tests are repeated ahead"] * 2
    assert differences(texts) == ["E3 a call is made that no test has asked for"]


def test_a_call_outside_of_the_scope_is_no_guess() -> None:
    serial, distributed = pair(GOOD)
    eager = distributed.replace(
        "    async with", '    more = hermod.call("embed", text="nobody asks")\n    async with'
    )
    assert differences((serial, eager)) == ["E3 a call is made that no test has asked for"]


def test_a_call_that_the_body_makes_is_no_guess_whoever_is_given_it() -> None:
    serial, distributed = pair(GOOD)
    eager = distributed.replace(
        "guess.start(guess_ahead())", 'guess.start(hermod.call("embed", text="nobody asks"))'
    )
    assert set(doubts((serial, eager))) == {"E3 its tests are repeated ahead"}
    assert differences((serial, eager)) == ["E3 a call is made that no test has asked for"]


@pytest.mark.parametrize("name", BAD)
def test_what_may_not_be_guessed(name: str) -> None:
    ahead, doubt = BAD[name]
    found = doubts(pair(ahead))
    assert any(one.startswith(doubt) for one in found), found
    assert differences(pair(ahead))


def test_the_value_of_a_guess_may_not_be_used() -> None:
    serial, distributed = pair('return await hermod.call("classify", text="a")')
    used = distributed.replace("guess.start(guess_ahead())", "print(await guess_ahead())")
    assert doubts((serial, used))
    assert differences((serial, used))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_programs_that_guess_are_as_good_as_the_serial_ones(path: Path) -> None:
    text = (SNAPSHOTS / f"guess_{path.stem}.snap").read_text().split("\n=====\n", 1)[1]
    assert not differences((path.read_text(), text))
    guessed = [one for one in ask(path.read_text(), text) if one["what"].startswith("what is gues")]
    assert all(one["status"] == "proved" for one in guessed), guessed
    assert bool(guessed) == (not path.stem.startswith("kept_"))
