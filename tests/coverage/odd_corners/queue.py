import asyncio

import hermod


async def main():
    q = asyncio.Queue()
    for t in "abc":
        await q.put(t)
    while not q.empty():
        print(await hermod.call("classify", text=await q.get()))


asyncio.run(main())
