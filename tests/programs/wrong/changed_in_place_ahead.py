# serial: kept_alias
import asyncio

import hermod


async def main():
    shared = {"text": "a"}

    async def ask(number):
        category = await hermod.call("classify", text=shared["text"])
        shared["text"] = category
        return number, category

    async with hermod.ahead() as early:
        async for number, category in early.each(ask, range(3)):
            print(number, category)


asyncio.run(main())
