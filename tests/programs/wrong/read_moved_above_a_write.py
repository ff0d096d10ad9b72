# serial: kept_read_after_write
import asyncio

import hermod


async def main():
    async def read(name):
        return name, await hermod.call("read_counter", name=name)

    async with hermod.ahead() as early:
        async for name, before in early.each(read, ["a", "b", "a"]):
            after = await hermod.call("count_up", name=name, by=before + 1)
            print(before, after)


asyncio.run(main())
