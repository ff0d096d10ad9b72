# must: max(t[0] + t[1], t[2] + t[3] + t[4])
import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="letter")
    category = await hermod.call("classify", text=summary)
    german = await hermod.call("translate", text="invoice", language="German")
    short = await hermod.call("summarize", text=german)
    score = await hermod.call("embed", text=short)
    print(summary, category, german, short, score)


asyncio.run(main())
