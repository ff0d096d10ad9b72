"""No slice is handed `last`, which may not be bound: that would fail before the first line is printed."""

import asyncio

import hermod


async def look(names: list[str], words: list[str]):
    for word in names:
        last = word
    for word in words:
        print(word)
        kind = await hermod.call("classify", text=f"{word} {last}")
        last = kind
        print(kind)
        if kind == "end":
            break


async def main():
    await look([], ["a", "b"])


asyncio.run(main())
