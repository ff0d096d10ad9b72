import asyncio

import hermod


async def main():
    t = "outer"
    cs = [await hermod.call("classify", text=t) for t in "ab"]
    d = await hermod.call("classify", text=t)
    print(cs, d, t)


asyncio.run(main())
