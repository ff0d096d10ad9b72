# must: max(t[0] + t[1], t[2] + t[3])
import asyncio

import hermod


async def main():
    for text in ["a letter", "an invoice"]:
        summary = await hermod.call("summarize", text=text)
        print("summary:", summary)
        category = await hermod.call("classify", text=summary)
        print("category:", category)


asyncio.run(main())
