import asyncio

import hermod


async def main():
    for t in ["a", "b"]:
        n = 0
        while n < 2:
            c = await hermod.call("classify", text=f"{t}{n}")
            n += 1
        print(t, c, n)


asyncio.run(main())
