import asyncio

import hermod


async def main():
    xs = ["a", "b"]
    a = await hermod.call("classify", text=" ".join(x.upper() for x in xs))
    xs.append("c")
    b = await hermod.call("classify", text=" ".join(x.upper() for x in xs))
    print(a, b)


asyncio.run(main())
