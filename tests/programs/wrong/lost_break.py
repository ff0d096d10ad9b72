# serial: kept_break
import asyncio

import hermod


async def main():
    async def ask(text):
        return await hermod.call("classify", text=text)

    async with hermod.ahead() as early:
        async for category in early.each(ask, ["a", "b", "c", "d"]):
            print(category)


asyncio.run(main())
