import asyncio

import hermod


async def main():
    t = "zero"
    for t in ["a", "b"]:
        pass
    c = await hermod.call("classify", text=t)
    for t in []:
        d = await hermod.call("classify", text=t)
        print(d)
    e = await hermod.call("price", item=t)
    print(c, e, t)


asyncio.run(main())
