import asyncio

import hermod


async def main():
    total = 0
    for t in ["a", "b", "c"]:
        if t != "b":
            total += len(await hermod.call("classify", text=t))
        else:
            total -= len(await hermod.call("summarize", text=t))
        print(total)


asyncio.run(main())
