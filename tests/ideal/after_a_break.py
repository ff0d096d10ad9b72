# ideal: max(t[0] + t[1], t[2])
# After the loop the break has joined.
import asyncio

import hermod


async def main():
    for text in ["a", "b"]:
        if await hermod.call("embed", text=text) < 0:
            break
    print(await hermod.call("classify", text="whatever"))


asyncio.run(main())
