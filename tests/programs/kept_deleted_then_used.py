import asyncio

import hermod


async def main():
    x = "a"
    del x
    a = await hermod.call("classify", text="b")
    print(a)
    b = await hermod.call("classify", text=x)
    print(b)


asyncio.run(main())
