import asyncio

import hermod


async def main():
    xs = ["a", "b"]
    g = (x.upper() for x in xs)
    a = await hermod.call("classify", text="first")
    xs.append("c")
    b = await hermod.call("classify", text=" ".join(g))
    print(a, b, list(g))


asyncio.run(main())
