"""The first loop may leave `word` unbound; a slice of the second has one of its own, and is not handed it."""

import asyncio

import hermod


async def look(names: list[str], words: list[str]):
    for word in names:
        print(word)
    for word in words:
        print(word)
        kind = await hermod.call("classify", text=word)
        if kind == "end":
            break
        print(await hermod.call("summarize", text=f"{word} {kind}"))


async def main():
    await look([], ["a", "b", "c"])
    await look(["d"], ["e", "f"])


asyncio.run(main())
