import asyncio

import hermod


async def main():
    stock = {"lamp": 3, "desk": 1}
    worth = 0
    for name, count in stock.items():
        price = await hermod.call("price", item=name)
        worth += price * count
    print(worth)


asyncio.run(main())
