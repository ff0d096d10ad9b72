# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["invoice", "letter", "poster"]
    line = ", ".join([word async for word in (await hermod.call("summarize", text=text) for text in texts)])
    print(line)


asyncio.run(main())
