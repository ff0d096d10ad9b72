import asyncio

import hermod


async def main():
    for x in ["a", "b"]:
        r = await hermod.call("classify", text=x)
        g = (v + r for v in [x])
        s = await hermod.call("classify", text="z" + x)
        print(s)
        r = "other"
        print(list(g), r)


asyncio.run(main())
