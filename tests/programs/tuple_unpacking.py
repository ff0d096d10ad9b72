import asyncio

import hermod


async def main():
    first, second = "lamp", "desk"
    a, b = await hermod.call("price", item=first), await hermod.call("price", item=second)
    print(a + b)


asyncio.run(main())
