# must: max(t)
import asyncio
import math

import hermod


async def main():
    lowest, highest = math.inf, -math.inf
    for item in ["pear", "plum", "fig", "lime"]:
        price = await hermod.call("price", item=item)
        lowest = min(lowest, price)
        highest = max(highest, price)
    print(lowest, highest)


asyncio.run(main())
