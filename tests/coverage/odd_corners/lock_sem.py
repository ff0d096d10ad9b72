import asyncio

import hermod


async def main():
    lock = asyncio.Lock()
    for t in "ab":
        async with lock:
            print(await hermod.call("classify", text=t))


asyncio.run(main())
