import asyncio
import itertools

import hermod


async def main():
    ids = itertools.count()
    for t in ["a", "b"]:
        print(next(ids), await hermod.call("classify", text=f"{t}{next(ids)}"))
    print(next(ids))


asyncio.run(main())
