import asyncio

import hermod


async def main():
    it = iter(["a", "b", "c"])
    a = await hermod.call("classify", text=next(it))
    print(a)
    b = await hermod.call("classify", text=next(it))
    print(b, list(it))


asyncio.run(main())
