import asyncio

import hermod


async def main():
    category = "none"
    for text in ["a", "bb", "c"]:
        if len(text) > 1:
            category = await hermod.call("classify", text=text)
        print(text, category)


asyncio.run(main())
