import asyncio

import hermod


async def main():
    xs = ["a", "b", "c", "d"]
    i, j = 0, len(xs) - 1
    while i < j:
        s = await hermod.call("compare", first=xs[i], second=xs[j])
        print(xs[i], xs[j], s)
        i, j = i + 1, j - 1


asyncio.run(main())
