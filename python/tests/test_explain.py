"""What a program waits for, before and after, and what guesses would gain."""

from __future__ import annotations

from typing import Any

from hermod.testing.explain import explain
from test_verify_proof import FUNCTIONS, HEAD

END = "\n\nasyncio.run(main())\n"
SERIAL = """async def main():
    for text in ["a", "b", "c"]:
        print(await hermod.call("classify", text=text))
    await asyncio.sleep(5)
    print(await hermod.call("price", item="x"))
"""
DISTRIBUTED = """async def main():
    calls = [hermod.call("classify", text=text) for text in ["a", "b", "c"]]
    price_call = hermod.call("price", item="x")
    for call in calls:
        print(await call)
    await asyncio.sleep(5)
    print(await price_call)
"""
GUESSING = """async def main():
    async def guess_ahead():
        guess.start(hermod.call("classify", text="nobody asks"))
    async with hermod.ahead(speculate=4) as guess:
        guess.start(guess_ahead())
        for text in ["a", "b", "c"]:
            print(await hermod.call("classify", text=text))
        await asyncio.sleep(5)
        print(await hermod.call("price", item="x"))
"""


def told(distributed: str, guessing: str | None = None, serial: str = SERIAL) -> dict[str, Any]:
    texts = {"serial": serial, "distributed": distributed, "plain": distributed}
    made = {name: HEAD + text + END for name, text in texts.items()}
    more = {"guessing": guessing and HEAD + guessing + END, "functions": FUNCTIONS}
    plans = [{"seed": seed, "otherwise": 1.0, "usual": {"price": 2.0}} for seed in range(2)]
    return explain({**made, **more, "plans": plans})


def test_what_is_waited_for_by_line_across_a_sleep() -> None:
    answer = told(DISTRIBUTED)
    assert (answer["before"]["seconds"], answer["after"]["seconds"]) == (10.0, 6.0)
    assert answer["before"]["waits"] == [
        {"line": 6, "function": "classify", "calls": 3, "seconds": 3.0},
        {"line": 8, "function": "price", "calls": 1, "seconds": 2.0},
    ]
    assert answer["speculation"] is None
    assert answer["end"] == "normal"


def test_what_guesses_cost() -> None:
    gain = told(SERIAL, GUESSING)["speculation"]
    assert gain == {"without": 10.0, "guessing": 10.0, "in_vain": 1, "most_in_vain": 1}


def test_a_program_that_does_not_end() -> None:
    endless = "async def main():\n    while True:\n        await hermod.call('price', item='x')\n"
    assert told(endless, serial=endless) == {
        "cannot": "with made-up results a program does not end"
    }
