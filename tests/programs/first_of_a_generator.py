# `next` of a fresh generator, with a default, only computes.
import asyncio

import hermod


async def main():
    for words in [["birch", "cedar"], []]:
        word = next((word for word in words if word > "b"), "none")
        print(word, await hermod.call("summarize", text=word))


asyncio.run(main())
