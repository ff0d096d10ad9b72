import asyncio

import hermod


async def add(t, acc=[]):
    acc.append(await hermod.call("classify", text=t + str(len(acc))))
    return acc


async def main():
    a = await add("x")
    b = await add("y")
    print(a, b, a is b)


asyncio.run(main())
