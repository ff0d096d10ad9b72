import asyncio

import hermod


async def main():
    depth = 0

    async def walk(n):
        nonlocal depth
        depth = max(depth, n)
        r = await hermod.call("classify", text=str(n))
        if n < 2:
            return [r] + await walk(n + 1)
        return [r]

    print(await walk(0), depth)
    print(await hermod.call("embed", text=str(depth)))


asyncio.run(main())
