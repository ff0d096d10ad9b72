import asyncio

import hermod


async def main():
    xs = ["a", "b"]
    i = 0
    while True:
        c = await hermod.call("classify", text=xs[i])
        print(c)
        if i == 1:
            break
        i += 1


asyncio.run(main())
