import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        category = await hermod.call("classify", text=text)
        if category > "m":
            continue
        print(text, category)


asyncio.run(main())
