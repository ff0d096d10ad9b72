# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["letter", "invoice", "poster"]:
        summary, category = await asyncio.gather(
            hermod.call("summarize", text=text), hermod.call("classify", text=text)
        )
        print(text, summary, category)


asyncio.run(main())
