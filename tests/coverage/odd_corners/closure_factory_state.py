import asyncio

import hermod


def counter():
    n = 0

    async def step(t):
        nonlocal n
        n += 1
        return await hermod.call("classify", text=f"{t}{n}")

    return step


async def main():
    one, two = counter(), counter()
    print(await one("a"), await one("a"), await two("a"))
    for t in "xy":
        print(await one(t), await two(t))


asyncio.run(main())
