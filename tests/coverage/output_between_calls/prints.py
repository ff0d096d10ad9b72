# must: max(t)
import asyncio

import hermod


async def main():
    print("asking", end=" ... ")
    summary = await hermod.call("summarize", text="letter")
    print("summary:", summary)
    print("asking again", end=" ... ", flush=True)
    category = await hermod.call("classify", text="letter")
    print("category:", category, sep="\t")


asyncio.run(main())
