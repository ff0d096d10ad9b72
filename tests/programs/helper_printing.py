import asyncio

import hermod


async def report(text):
    category = await hermod.call("classify", text=text)
    print(text, category)
    summary = await hermod.call("summarize", text=text)
    print(summary)


async def main():
    for text in ["a", "b"]:
        await report(text)


asyncio.run(main())
