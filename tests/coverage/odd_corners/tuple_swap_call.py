import asyncio

import hermod


async def main():
    a, b = "x", "y"
    a, b = await hermod.call("classify", text=b), await hermod.call("classify", text=a)
    print(a, b)


asyncio.run(main())
