import asyncio

import hermod


mode = "plain"


async def f(t):
    return await hermod.call("classify", text=mode + t)


def switch():
    global mode
    mode = "fancy"


async def main():
    a = await f("a")
    switch()
    b = await f("a")
    print(a, b)


asyncio.run(main())
