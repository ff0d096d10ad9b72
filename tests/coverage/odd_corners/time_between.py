import asyncio

import hermod


def now():
    return asyncio.get_running_loop().time()


async def main():
    a = await hermod.call("classify", text="a")
    print(a)
    b = await hermod.call("summarize", text="b")
    print(b, now() > 0)


asyncio.run(main())
