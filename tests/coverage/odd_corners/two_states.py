import asyncio

import hermod


async def main():
    for t in ["a", "b"]:
        n = await hermod.call("count_up", name=t, by=1)
        m = await hermod.call("index_add", text=t)
        r = await hermod.call("search", query=t)
        k = await hermod.call("read_counter", name=t)
        print(n, m, r, k)


asyncio.run(main())
