"""Slices that run ahead of a function's body: what is proved of them, and what is caught."""

from __future__ import annotations

import pytest

from hermod.testing.functions import functions_of
from hermod.testing.verify.pair import Pair
from hermod.testing.verify.verdict import search
from test_verify_proof import FUNCTIONS, ask

HEAD = "import asyncio\n\nimport hermod\n\n\nasync def main():\n"
BODY = """
seen = ["x"]
count = 0
while count < 3:
    category = await hermod.call("classify", text=f"try {count}")
    print(category, len(seen))
    count += 1
"""
END = "\n\nasyncio.run(main())\n"
GOOD = """
for number in range(3):
    early.start(hermod.call("classify", text=f"try {number}"))
"""
#: Slices that are no better than a wrong program, with what the proof says.
BAD = {
    "a write": (
        'await hermod.call("count_up", name="n", by=1)',
        "A3 `count_up` writes",
    ),
    "a write that is started": (
        'early.start(hermod.call("count_up", name="n", by=1))',
        "A3 `count_up` writes",
    ),
    "a change of a shared list": (
        'seen.append(await hermod.call("classify", text="try 0"))',
        "A3 it changes `seen`",
    ),
    "a change of a part of a shared list": (
        'both = [seen]\nboth[0].append(await hermod.call("classify", text="try 0"))',
        "A3 it changes `seen`",
    ),
    "a print": (
        'print(await hermod.call("classify", text="try 0"))',
        "A3 prints",
    ),
    "a read that is made again": (
        'early.start(hermod.call("weather", city="x"))',
        "E5 calls of `weather` are made again",
    ),
    "a call that nothing asks for": (
        'early.start(hermod.call("classify", text="nobody asks"))',
        "",
    ),
}


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else "" for line in text.strip().split("\n")) + "\n"


def pair(ahead: str) -> tuple[str, str]:
    """The serial program, and the one with this slice ahead of it."""
    first, rest = BODY.strip().split("\n", 1)
    serial = HEAD + indented(BODY, 4) + END
    body = [
        indented(first, 4),
        "    async def look_ahead():\n", indented(ahead, 8),
        "    async with hermod.ahead() as early:\n",
        "        early.start(look_ahead())\n", indented(rest, 8),
    ]  # fmt: skip
    return serial, HEAD + "".join(body) + END


def doubts(ahead: str) -> list[str]:
    return [f"{one['rule']} {one['why']}" for one in ask(*pair(ahead)) if one["status"] == "tested"]


def differs(ahead: str) -> bool:
    return search(Pair(*pair(ahead), functions_of(FUNCTIONS)), 0, 150, {}) is not None


def test_all_but_that_its_calls_are_asked_for_is_proved() -> None:
    assert set(doubts(GOOD)) == {"E3 its tests are repeated ahead"}
    assert not differs(GOOD)


@pytest.mark.parametrize("name", BAD)
def test_slices_that_can_be_seen(name: str) -> None:
    ahead, doubt = BAD[name]
    found = doubts(ahead)
    assert any(one.startswith(doubt) for one in found), found
    assert differs(ahead)


def test_what_a_started_call_is_given_may_not_fail() -> None:
    serial = HEAD + "    table = {}\n    print(table)\n" + END
    ahead = """    table = {}
    async with hermod.ahead() as early:
        early.start(hermod.call("classify", text=table["a"]))
        print(table)
"""
    found = [one["why"] for one in ask(serial, HEAD + ahead + END)]
    assert "`table['a']` may fail before its place" in found


GUARDED = """    async with hermod.ahead() as early:
        async def ask_about_text(text):
            async def find_price(text):
                if {guard}:
                    return
                return await hermod.call("price", item=text)
            price_call = early.start(find_price(text))
            return text, price_call
        async for text, price_call in early.each(ask_about_text, ["a", "b"]):
            {place}
            print(await price_call)
"""


@pytest.mark.parametrize(
    ("guard", "place", "is_wrong"),
    [
        ("text > 'a'", "if text > 'a': continue", False),
        ("text > 'a'", "pass", True),
        ("text < 'b'", "if text > 'a': continue", True),
    ],
)
def test_a_test_that_is_repeated_ahead_is_left_to_the_runs(
    guard: str, place: str, is_wrong: bool
) -> None:
    serial = f"""    for text in ["a", "b"]:
        {place}
        print(await hermod.call("price", item=text))
"""
    texts = HEAD + serial + END, HEAD + GUARDED.format(guard=guard, place=place) + END
    obligations = ask(*texts)
    assert [one["rule"] for one in obligations if one["status"] == "tested"] == ["E3"]
    assert any(one["kind"] == "loop" and one["status"] == "proved" for one in obligations)
    found = search(Pair(*texts, functions_of(FUNCTIONS)), 0, 150, {})
    assert (found is not None) == is_wrong
