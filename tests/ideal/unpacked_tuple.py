# ideal: max(t[0] + t[2], t[1])
# Each name gets what its own place carries.
import asyncio

import hermod


async def both():
    first = await hermod.call("summarize", text="a")
    second = await hermod.call("summarize", text="b")
    return first, second


async def main():
    first, second = await both()
    print(second, await hermod.call("classify", text=first))


asyncio.run(main())
