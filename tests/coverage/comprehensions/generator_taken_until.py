# How many items are taken hangs on the results.
# keeps: E3 break
import asyncio

import hermod


async def main():
    texts = ["a", "b", "c", "d"]
    categories = (await hermod.call("classify", text=text) for text in texts)
    async for category in categories:  # <- here
        print(category)
        if category > "b":
            break


asyncio.run(main())
