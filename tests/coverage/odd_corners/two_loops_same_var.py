import asyncio

import hermod


async def main():
    for t in ["a", "b"]:
        c = await hermod.call("classify", text=t)
        print(c)
    print(t, c)
    for t in ["x", "y"]:
        print(c, t)
        c = await hermod.call("summarize", text=t)
    print(t, c)


asyncio.run(main())
