import asyncio

import hermod


async def main():
    a = ["x", "y"]
    b = a
    for t in a:
        c = await hermod.call("classify", text=t)
        if len(b) < 4:
            b.append(c)
        print(c)


asyncio.run(main())
