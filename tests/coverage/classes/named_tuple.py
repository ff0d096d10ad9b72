# must: max(t)
import asyncio
from typing import NamedTuple

import hermod


class Order(NamedTuple):
    item: str
    count: int = 1


async def main():
    total = 0.0
    for order in [Order("pear", 3), Order("plum")]:
        total += order.count * await hermod.call("price", item=order.item)
    print(total)


asyncio.run(main())
