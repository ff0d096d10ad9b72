# serial: kept_conditional_value
import asyncio

import hermod


async def main():
    async def ask(text):
        category = "none"
        if len(text) > 1:
            category = await hermod.call("classify", text=text)
        return text, category

    async with hermod.ahead() as early:
        async for text, category in early.each(ask, ["a", "bb", "c"]):
            print(text, category)


asyncio.run(main())
