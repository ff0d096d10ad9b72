# serial: prints_between
import asyncio

import hermod


async def main():
    texts = ["red", "green", "blue"]
    categories = await asyncio.gather(*[hermod.call("classify", text=text) for text in texts])
    summaries = await asyncio.gather(*[hermod.call("summarize", text=text) for text in texts])
    for text, category, summary in zip(texts, categories, summaries):
        print("looking at", text)
        print("category", category)
        print("summary", summary)


asyncio.run(main())
