import asyncio

import hermod


last = ""


async def f(t):
    global last
    if (last := await hermod.call("classify", text=t + last)) > "m":
        return "high"
    return "low"


async def main():
    print(await f("a"), last)
    print(await f("b"), last)


asyncio.run(main())
