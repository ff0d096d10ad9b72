import asyncio

import hermod


async def main():
    call = hermod.call
    a = await call("classify", text="a")
    print(a)
    b = await call("classify", text="b")
    print(b)


asyncio.run(main())
