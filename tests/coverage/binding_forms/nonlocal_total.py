# must: max(t)
import asyncio

import hermod


async def main():
    total = 0.0

    def add(price):
        nonlocal total
        total += price

    for item in ["pear", "plum", "fig"]:
        add(await hermod.call("price", item=item))
    print(total)


asyncio.run(main())
