import asyncio

import hermod


async def main():
    n = 1
    while True:
        n *= 2
        c = await hermod.call("classify", text=str(n))
        if len(c) > 4 or n > 50:
            break
    print(n, c)


asyncio.run(main())
