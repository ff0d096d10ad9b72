import asyncio

import hermod


async def main():
    for name in ["a", "b", "a"]:
        before = await hermod.call("read_counter", name=name)
        after = await hermod.call("count_up", name=name, by=before + 1)
        print(before, after)


asyncio.run(main())
