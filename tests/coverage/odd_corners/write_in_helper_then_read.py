import asyncio

import hermod


async def add(t):
    n = await hermod.call("index_add", text=t)
    return n


async def find(t):
    return await hermod.call("search", query=t)


async def main():
    for t in "ab":
        print(await find(t))
        print(await add(t))
    print(await find("z"))
    x = await find("p")
    await add("q")
    y = await find("p")
    print(x == y)


asyncio.run(main())
