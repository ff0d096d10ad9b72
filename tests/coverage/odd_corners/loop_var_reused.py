import asyncio

import hermod


async def main():
    for t in ["a", "b"]:
        t = await hermod.call("classify", text=t)
        print(t)
    print(t)


asyncio.run(main())
