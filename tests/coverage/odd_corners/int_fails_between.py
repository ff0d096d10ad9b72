import asyncio

import hermod


async def main():
    print("go")
    a = await hermod.call("classify", text="a")
    n = int(a)
    b = await hermod.call("classify", text="b")
    print(n, b)


asyncio.run(main())
