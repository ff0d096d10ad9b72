# serial: last_values
import asyncio

import hermod


async def main():
    async def look(numbered):
        number, text = numbered
        try:
            return number, text, await hermod.call("classify", text=text)
        except hermod.CallError as error:
            return number, text, f"Error: {error}"

    async with hermod.ahead() as early:
        async for number, text, category in early.each(look, enumerate(["a", "b", "c"])):
            print(category)
    print("last:", number, text, category)


asyncio.run(main())
