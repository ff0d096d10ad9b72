import asyncio

import hermod


async def main():
    e = asyncio.Event()

    async def later():
        await asyncio.sleep(2)
        e.set()
        print("set")

    task = asyncio.create_task(later())
    a = await hermod.call("classify", text="a")
    await e.wait()
    b = await hermod.call("classify", text="b")
    print(a, b)
    await task


asyncio.run(main())
