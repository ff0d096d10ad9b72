# ideal: t[0] + max(t[1], t[2])
# What follows a return that was not taken hangs on its test.
import asyncio

import hermod


async def main():
    score = await hermod.call("embed", text="a")
    if score < 0:
        return
    first = await hermod.call("classify", text="b")
    second = await hermod.call("classify", text="c")
    print(first, second)


asyncio.run(main())
