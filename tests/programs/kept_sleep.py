import asyncio

import hermod


async def main():
    first = await hermod.call("read_counter", name="a")
    await asyncio.sleep(1)
    second = await hermod.call("read_counter", name="a")
    print(first, second)


asyncio.run(main())
