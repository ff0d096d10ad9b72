# must: max(t)
import asyncio

import hermod


async def main():
    draft = "a letter"
    summary = await hermod.call("summarize", text=draft)
    category = await hermod.call("classify", text=draft)
    del draft
    price = await hermod.call("price", item="stamp")
    print(summary, category, price)


asyncio.run(main())
