import asyncio

import hermod


async def main():
    task = asyncio.create_task(asyncio.sleep(3, "slept"))
    a = await hermod.call("classify", text="a")
    b = await hermod.call("classify", text="b")
    print(a, b, task.done())
    print(await task)


asyncio.run(main())
