# must: max(t)
import asyncio

import hermod


async def main():
    waiting = ["invoice", "letter", "poster"]
    while waiting:
        text = waiting.pop(0)
        summary = await hermod.call("summarize", text=text)
        print(text, summary)


asyncio.run(main())
