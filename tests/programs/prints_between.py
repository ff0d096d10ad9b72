import asyncio

import hermod


async def main():
    texts = ["red", "green", "blue"]
    for text in texts:
        print("looking at", text)
        category = await hermod.call("classify", text=text)
        print("category", category)
        summary = await hermod.call("summarize", text=text)
        print("summary", summary)


asyncio.run(main())
