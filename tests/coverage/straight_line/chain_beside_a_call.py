# must: max(t[0] + t[1], t[2])
import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="a long letter")
    category = await hermod.call("classify", text=summary)
    price = await hermod.call("price", item="stamp")
    print(summary, category, price)


asyncio.run(main())
