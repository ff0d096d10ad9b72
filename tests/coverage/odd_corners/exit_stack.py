import asyncio
import contextlib

import hermod


async def main():
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(print, "closing")
        a = await hermod.call("classify", text="a")
        b = await hermod.call("classify", text="b")
        print(a, b)
    print(await hermod.call("embed", text="x"))


asyncio.run(main())
