"""Loops that are started too early: not proved, and caught by the runs."""

from __future__ import annotations

import pytest

from hermod.testing.functions import functions_of
from hermod.testing.verify.pair import Pair
from hermod.testing.verify.verdict import search
from test_verify_proof import FUNCTIONS, ask

#: Programs with a loop, marked where it stands and where it may not be started.
TOO_EARLY = {
    "before what it needs is known": """
    language = "de"
    START
    language = await hermod.call("classify", text="x")
    for text in ["a", "b"]:
        answer = await hermod.call("translate", text=text, language=language)
        print(answer)
""",
    "across a write": """
    await hermod.call("count_up", name="n", by=1)
    START
    number = len(await hermod.call("classify", text="x"))
    await hermod.call("count_up", name="n", by=number)
    for text in ["n", "m"]:
        answer = await hermod.call("read_counter", name=text)
        print(answer)
""",
    "across a change of its items": """
    words = ["a", "b"]
    START
    words.append(await hermod.call("classify", text="x"))
    for text in words:
        answer = await hermod.call("classify", text=text)
        print(answer)
""",
    "across a change of what its items hold": """
    row = ["a"]
    rows = [row]
    START
    rows[0].append(await hermod.call("classify", text="b"))
    for text in rows:
        answer = await hermod.call("classify", text=" ".join(text))
        print(answer)
""",
    "across a return": """
    START
    if await hermod.call("classify", text="x") > "m":
        return
    for text in ["a", "b"]:
        answer = await hermod.call("weather", city=text)
        print(answer)
""",
    "before items that fail": """
    table = {}
    START
    print("first")
    for text in table["a"]:
        answer = await hermod.call("classify", text=text)
        print(answer)
""",
}
PIECE = """
    async with hermod.ahead() as early:
        async def ask_about_text(text):
            CALL
            return answer
        answers_ahead = early.each(ask_about_text, ITEMS)
"""


def programs(text: str) -> tuple[str, str]:
    """The serial program, and the one that starts the loop at the mark."""
    head = "import hermod\n\n\nasync def main():\n"
    before, after = text.split("    START\n")
    items = after.split(" in ")[-1].split(":\n")[0]
    call = after.split(":\n")[-1].splitlines()[0].strip()
    crossed = after.split("    for text")[0]
    piece = PIECE.replace("CALL", call).replace("ITEMS", items)
    inside = "".join(f"    {line}\n" for line in crossed.splitlines())
    place = "        async for answer in answers_ahead:\n            print(answer)\n"
    end = "\n\nasyncio.run(main())\n"
    head = "import asyncio\n" + head
    return head + before + after + end, head + before + piece + inside + place + end


@pytest.mark.parametrize("name", TOO_EARLY)
def test_loops_that_are_started_too_early(name: str) -> None:
    serial, distributed = programs(TOO_EARLY[name])
    loops = [one for one in ask(serial, distributed) if one["kind"] == "loop"]
    assert [one["status"] for one in loops] == ["tested"]
    found = search(Pair(serial, distributed, functions_of(FUNCTIONS)), 0, 150, {})
    assert found is not None, distributed
