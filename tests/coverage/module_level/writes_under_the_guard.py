# keeps: E2 count_up
import asyncio

import hermod

NAMES = ["ann", "bob"]


async def count(names):
    for name in names:  # <- here
        print(name, await hermod.call("count_up", name=name, by=1))  # <- here


if __name__ == "__main__":
    asyncio.run(count(NAMES))
