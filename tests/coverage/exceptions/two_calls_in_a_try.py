# must: max(t)
import asyncio

import hermod


async def main():
    try:
        summary = await hermod.call("summarize", text="letter")
        category = await hermod.call("classify", text="letter")
        print(summary, category)
    except hermod.CallError as error:
        print("failed:", error)
    price = await hermod.call("price", item="stamp")
    print(price)


asyncio.run(main())
