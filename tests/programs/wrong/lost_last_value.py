# serial: last_values
import asyncio

import hermod


async def main():
    text = None

    async def look(numbered):
        number, text = numbered
        return number, await hermod.call("classify", text=text)

    async with hermod.ahead() as early:
        async for number, category in early.each(look, enumerate(["a", "b", "c"])):
            print(category)
    print("last:", number, text, category)


asyncio.run(main())
