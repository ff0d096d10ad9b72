import asyncio

import hermod


async def main():
    xs = ["a", "b", "c"]
    for i, x in enumerate(xs):
        xs[i] = await hermod.call("classify", text=x)
    print(xs)


asyncio.run(main())
