import asyncio

import hermod


async def main():
    it = reversed(["a", "b", "c"])
    for x in range(3):
        r = await hermod.call("classify", text=f"{x}")
        s = ",".join(it)
        t = await hermod.call("classify", text=s)
        print(r, s, t)


asyncio.run(main())
