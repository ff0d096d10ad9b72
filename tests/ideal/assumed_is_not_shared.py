# ideal: max(t)
# Equal calls of a function that nobody declared pure are made twice (E1).
import asyncio

import hermod


async def main():
    first = await hermod.call("caption", image="a")
    second = await hermod.call("caption", image="a")
    print(first == second)


asyncio.run(main())
