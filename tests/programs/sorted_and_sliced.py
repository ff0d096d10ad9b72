import asyncio

import hermod


async def main():
    names = ["lamp", "desk", "chair"]
    for name in sorted(names)[:2]:
        price = await hermod.call("price", item=name)
        print(name, price)


asyncio.run(main())
