import asyncio

import hermod


async def main():
    best = "start"
    for t in ["a", "", "b"]:
        if not t:
            continue
        best = await hermod.call("classify", text=t)
    print(best)


asyncio.run(main())
