# serial: prints_between
import asyncio

import hermod


async def main():
    async def ask():
        await asyncio.sleep(0)
        return await hermod.call("classify", text=text), await hermod.call("summarize", text=text)

    async with hermod.ahead() as early:
        started = []
        for text in ["red", "green", "blue"]:
            started.append(early.start(ask()))
        for one, answers in zip(["red", "green", "blue"], started):
            print("looking at", one)
            category, summary = await answers
            print("category", category)
            print("summary", summary)


asyncio.run(main())
