import asyncio

import hermod


async def main():
    xs = ["c", "a"]
    for x in xs[:]:
        xs.sort()
        print(await hermod.call("classify", text=xs[0] + x))
        xs[0] = "z"


asyncio.run(main())
