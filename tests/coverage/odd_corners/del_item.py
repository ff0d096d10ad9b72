import asyncio

import hermod


async def main():
    d = {"a": 1, "b": 2}
    for k in list(d):
        c = await hermod.call("classify", text=f"{k}{len(d)}")
        del d[k]
        print(c, d)


asyncio.run(main())
