# ideal: max(t[0] + t[1], t[2] + t[3])
# A generator gives its items one by one, each with what flowed into it.
import asyncio

import hermod


async def notes(texts):
    for text in texts:
        yield await hermod.call("summarize", text=text)


async def main():
    async for text in notes(["a", "b"]):
        print(await hermod.call("classify", text=text))


asyncio.run(main())
