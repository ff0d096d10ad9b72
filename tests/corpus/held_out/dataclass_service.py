# Order desk: check stock and shipping for each line of an order, then reserve all or nothing.
# shape: all-or-nothing; tags: effects, failures, helpers
import asyncio
from dataclasses import dataclass, field

import hermod


class OutOfStock(Exception):
    pass


@dataclass(frozen=True)
class Line:
    sku: str
    count: int


@dataclass
class Order:
    country: str
    lines: list[Line] = field(default_factory=list)
    cost: float = 0.0

    async def price(self) -> None:
        for line in self.lines:
            info = await hermod.call("product_info", sku=line.sku)
            quote = await hermod.call("shipping_quote", sku=line.sku, country=self.country)
            if info["stock"] < line.count:
                raise OutOfStock(f"{line.sku}: {info['stock']} < {line.count}")
            self.cost += line.count * info["price"] + quote["cost"]

    async def reserve(self) -> list[int]:
        return [await hermod.call("update_stock", sku=line.sku, delta=-line.count) for line in self.lines]


async def main() -> None:
    for order in (
        Order("SE", [Line("A", 1), Line("B", 2)]),
        Order("NO", [Line("C", 48), Line("D", 1)]),
        Order("FI", [Line("E", 3)]),
    ):
        try:
            await order.price()
            left = await order.reserve()
        except OutOfStock as problem:
            print(f"{order.country}: {problem}")
        except hermod.CallError as error:
            print(f"{order.country}: {error}")
        else:
            print(f"{order.country}: {order.cost:.2f}, left {left}")


asyncio.run(main())
