# keeps: E3 test
import asyncio

import hermod


async def main():
    score = await hermod.call("embed", text="letter")
    if score > 1000:
        raise ValueError(score)
    summary = await hermod.call("summarize", text="letter")  # <- here
    print(score, summary)


asyncio.run(main())
