import asyncio

import hermod


async def main():
    ks = await hermod.call("keywords", text="a")
    print(len(ks))
    third = ks[3]
    c = await hermod.call("classify", text=third)
    d = await hermod.call("classify", text="d")
    print(c, d)


asyncio.run(main())
