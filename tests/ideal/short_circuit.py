# ideal: max(t[0] + t[1], t[0] + t[1] + t[2])
# The second operand hangs on the first, and the branch on both.
import asyncio

import hermod


async def main():
    if await hermod.call("embed", text="a") >= 0 and await hermod.call("embed", text="b") >= 0:
        print(await hermod.call("classify", text="both"))


asyncio.run(main())
