# ideal: max(t[0:3]) + t[3]
# What is kept hangs on tests, so the length does.
import asyncio

import hermod


async def main():
    long = [text for text in ["a", "b", "c"] if await hermod.call("embed", text=text) > -1]
    print(long, await hermod.call("classify", text=f"{len(long)} of them"))


asyncio.run(main())
