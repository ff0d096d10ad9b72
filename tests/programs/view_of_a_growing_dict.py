import asyncio

import hermod


async def main():
    d = {"a": "b"}
    ks = d.keys()
    for x in ["a", "b", "c"]:
        r = await hermod.call("classify", text=x)
        s = len(ks)
        t = await hermod.call("classify", text=f"{r}{s}")
        d[x] = t
        print(t)


asyncio.run(main())
