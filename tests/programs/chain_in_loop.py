import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        summary = await hermod.call("summarize", text=text)
        category = await hermod.call("classify", text=summary)
        print(summary, category)


asyncio.run(main())
