# must: max(t)
import asyncio
import contextlib

import hermod


async def main():
    prices = []
    for item in ["pear", "plum", "fig"]:
        with contextlib.suppress(hermod.CallError):
            prices.append(await hermod.call("price", item=item))
    print(prices)


asyncio.run(main())
