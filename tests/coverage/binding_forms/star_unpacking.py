# must: t[0] + max(t[1:])
import asyncio

import hermod


async def main():
    first, *others = await hermod.call("keywords", text="a long letter")
    summary = await hermod.call("summarize", text=first)
    scores = [await hermod.call("embed", text=word) for word in others]
    print(first, summary, *scores, sep=", ")


asyncio.run(main())
