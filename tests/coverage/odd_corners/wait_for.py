import asyncio

import hermod


async def main():
    a = await asyncio.wait_for(hermod.call("classify", text="a"), 100)
    b = await asyncio.wait_for(hermod.call("classify", text="b"), 100)
    print(a, b)


asyncio.run(main())
