# serial: try_prints_inside
import asyncio

import hermod


async def main():
    async def ask(text):
        return text, await hermod.call("classify", text=text)

    try:
        async with hermod.ahead() as early:
            async for text, category in early.each(ask, ["a", "b", "c"]):
                print("category", category)
    except hermod.CallError as error:
        print("failed", error)


asyncio.run(main())
