# What is inside a limit of time stays there: it may take too long only where it stands.
# keeps: A3 timeout
import asyncio

import hermod


async def main():
    async with asyncio.timeout(1000):  # <- here
        summary = await hermod.call("summarize", text="letter")
        category = await hermod.call("classify", text="letter")  # <- here
    print(summary, category)


asyncio.run(main())
