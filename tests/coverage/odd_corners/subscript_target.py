import asyncio

import hermod


async def main():
    d = {}
    d[await hermod.call("classify", text="k")] = await hermod.call("summarize", text="v")
    print(d)


asyncio.run(main())
