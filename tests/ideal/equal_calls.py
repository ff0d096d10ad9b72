# ideal: max(t[0], t[1] + t[2])
# Equal pure calls are made once, when the first of them could be: `same` in the branch waits for
# the test, but the equal call below needs nothing.
import asyncio

import hermod


async def main():
    if await hermod.call("embed", text="a") >= 0:
        print(await hermod.call("classify", text="same"))
    same = await hermod.call("classify", text="same")
    print(await hermod.call("translate", text=same, language="de"))


asyncio.run(main())
