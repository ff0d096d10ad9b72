# keeps: A3 prints
import asyncio

import hermod


async def shout(text):
    category = await hermod.call("classify", text=text)
    print("found", category)
    return category.upper()


async def main():
    print([await shout(text) for text in ["a", "b", "c"]])  # <- here


asyncio.run(main())
