# must: max(t)
import asyncio

import hermod


async def main():
    basket = {"pear": 3, "plum": 12, "fig": 1}
    total = 0
    for item, count in basket.items():
        price = await hermod.call("price", item=item)
        print(f"{count} x {item} at {price}")
        total += count * price
    print(total)


asyncio.run(main())
