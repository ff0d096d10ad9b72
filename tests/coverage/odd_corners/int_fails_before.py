import asyncio

import hermod


async def main():
    print("go")
    a = await hermod.call("classify", text="a")
    b = await hermod.call("price", item=str(int("x")))
    print(a, b)


asyncio.run(main())
