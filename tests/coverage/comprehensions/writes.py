# keeps: E2 count_up
import asyncio

import hermod


async def main():
    counts = [await hermod.call("count_up", name=name, by=1) for name in ["a", "b"]]  # <- here
    print(counts)


asyncio.run(main())
