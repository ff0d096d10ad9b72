import asyncio

import hermod


async def walk(n):
    if n == 0:
        return []
    c = await hermod.call("classify", text=str(n))
    print("at", n)
    return [c] + await walk(n - 1)


async def main():
    print(await walk(3))


asyncio.run(main())
