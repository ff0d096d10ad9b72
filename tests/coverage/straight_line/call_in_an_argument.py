# must: max(t[0] + t[1], t[2])
import asyncio

import hermod


async def main():
    category = await hermod.call("classify", text=await hermod.call("summarize", text="a long letter"))
    score = await hermod.call("embed", text="a short letter")
    print(f"{category}: {score:.1f}")


asyncio.run(main())
