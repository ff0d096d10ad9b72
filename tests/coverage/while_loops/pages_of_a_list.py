# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["a", "b", "c", "d", "e"]
    start = 0
    while start < len(texts):
        page = texts[start:start + 2]
        print(start, await hermod.call("summarize", text=" ".join(page)))
        start += 2


asyncio.run(main())
