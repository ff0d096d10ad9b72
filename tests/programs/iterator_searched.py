import asyncio

import hermod


async def main():
    it = enumerate(["a", "b", "c"])
    for x in range(3):
        r = await hermod.call("classify", text=f"{x}")
        s = (1, "b") in it
        t = await hermod.call("classify", text=f"{s}")
        print(r, s, t)


asyncio.run(main())
