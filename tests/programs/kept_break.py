import asyncio

import hermod


async def main():
    for text in ["a", "b", "c", "d"]:
        category = await hermod.call("classify", text=text)
        print(category)
        if category > "m":
            break


asyncio.run(main())
