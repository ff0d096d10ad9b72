import asyncio

import hermod


async def main():
    for n in [2, 1, 0]:
        c = await hermod.call("classify", text=str(10 // n))
        print(n, c)


asyncio.run(main())
