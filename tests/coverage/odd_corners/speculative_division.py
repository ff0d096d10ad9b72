import asyncio

import hermod


async def main():
    for n in [3, 2, 1, 0]:
        c = await hermod.call("classify", text=str(6 // n))
        print(c)
        if n == 1:
            break


asyncio.run(main())
