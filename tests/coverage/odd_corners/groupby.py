import asyncio
import itertools

import hermod


async def main():
    for k, g in itertools.groupby(["a", "apple", "b"], key=lambda t: t[0]):
        c = await hermod.call("classify", text=k)
        print(c, list(g))


asyncio.run(main())
