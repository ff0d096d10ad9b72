import asyncio
import itertools

import hermod


async def main():
    for n, t in zip(itertools.count(1), ["a", "b"]):
        print(n, await hermod.call("classify", text=t))


asyncio.run(main())
