# must: max(t)
import asyncio

import hermod


async def main():
    total, long_ones = 0.0, 0
    for item in ["pear", "plum", "fig"]:
        price = await hermod.call("price", item=item)
        total += price
        if price > 40:
            long_ones += 1
    print(total, long_ones)


asyncio.run(main())
