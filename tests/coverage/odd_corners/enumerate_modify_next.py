import asyncio

import hermod


async def main():
    xs = ["a", "b", "c"]
    for i, x in enumerate(xs):
        c = await hermod.call("classify", text=x)
        if i + 1 < len(xs):
            xs[i + 1] = c
    print(xs)


asyncio.run(main())
