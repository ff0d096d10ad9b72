# keeps: E3 break
import asyncio

import hermod


async def main():
    for text in ["first", "second", "third", "fourth"]:  # <- here
        category = await hermod.call("classify", text=text)
        print(category)
        if category < "g":
            break


asyncio.run(main())
