# serial: continue_late
import asyncio

import hermod


async def main():
    async def look(text):
        category = await hermod.call("classify", text=text)
        if category > "m":
            return
        print(text, category)

    async with hermod.ahead() as early:
        async for _ in early.each(look, ["a", "b", "c"]):
            pass


asyncio.run(main())
