import asyncio

import hermod


async def shout(x):
    r = await hermod.call("classify", text=x)
    print(r)
    return r


async def main():
    xs = ["a", "b", "c"]
    ys = [await shout(x) for x in xs]
    print(ys)


asyncio.run(main())
