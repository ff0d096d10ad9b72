# keeps: A7 locals
import asyncio

import hermod


async def describe(text):  # <- here
    summary = await hermod.call("summarize", text=text)
    category = await hermod.call("classify", text=text)
    return sorted(locals())


async def main():
    print(await describe("letter"))


asyncio.run(main())
