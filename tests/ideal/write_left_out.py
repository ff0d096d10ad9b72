# ideal: max(t[0] + t[1], t[2])
# Until it is decided that nothing is written, nothing may be read; what is never written may.
import asyncio

import hermod


async def remember(text):
    score = await hermod.call("embed", text=text)
    if score < 0:
        await hermod.call("index_add", text=text)


async def main():
    await remember("a")
    print(await hermod.call("search", query="b"))
    print(await hermod.call("weather", city="c"))


asyncio.run(main())
