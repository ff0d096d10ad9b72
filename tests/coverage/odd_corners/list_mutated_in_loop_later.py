import asyncio

import hermod


async def main():
    xs = ["a", "b", "c"]
    for x in xs:
        c = await hermod.call("classify", text=x)
        if c > "m":
            xs.remove(x)
        print(x, c, xs)


asyncio.run(main())
