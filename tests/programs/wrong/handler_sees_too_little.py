# serial: kept_exception_names
import asyncio

import hermod


async def main():
    category = "none"

    async def ask(text):
        return await hermod.call("classify", text=text)

    try:
        async with hermod.ahead() as early:
            categories = [found async for found in early.each(ask, ["a", "b", "c"])]
        for category in categories:
            print(category)
    except hermod.CallError:
        print("last good:", category)


asyncio.run(main())
