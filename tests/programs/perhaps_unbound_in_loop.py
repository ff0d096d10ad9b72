import asyncio

import hermod


async def main():
    if await hermod.call("embed", text="a") > 1000:
        suffix = "x"
    for x in ["a", "b"]:
        r = await hermod.call("classify", text=x)
        r2 = await hermod.call("classify", text=r + suffix)
        print(r2)


asyncio.run(main())
