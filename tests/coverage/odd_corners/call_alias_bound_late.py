import asyncio

import hermod


async def main():
    print(await hermod.call("embed", text="x"))
    call = hermod.call
    print(await call("classify", text="a"))
    print(await call("classify", text="b"))


asyncio.run(main())
