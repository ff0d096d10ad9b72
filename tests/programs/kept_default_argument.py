import asyncio

import hermod


async def h(x, acc=[]):
    acc.append(x)
    return await hermod.call("classify", text=f"{acc}")


async def main():
    for t in ["a", "b", "c"]:
        print(await h(t))
    a = await h("d")
    b = await h("e")
    print(a, b)


asyncio.run(main())
