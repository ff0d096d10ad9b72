# must: max(t)
import asyncio

import hermod


async def main():
    text = "a rather long letter"
    score = await hermod.call("embed", text=text)
    short = await hermod.call("summarize", text=text) if len(text) > 10 else text
    mood = "none" if not text else await hermod.call("classify", text=text)
    print(score, short, mood)


asyncio.run(main())
