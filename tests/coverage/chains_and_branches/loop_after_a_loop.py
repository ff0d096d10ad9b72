# Item by item: no classification waits for another item's summary.
# must: max(t[0] + t[3], t[1] + t[4], t[2] + t[5])
import asyncio

import hermod


async def main():
    texts = ["letter", "invoice", "poster"]
    summaries = [await hermod.call("summarize", text=text) for text in texts]
    for text, summary in zip(texts, summaries):
        print(text, await hermod.call("classify", text=f"{text}: {summary}"))


asyncio.run(main())
