import asyncio

import hermod


async def main():
    for text in ["a", "b", "c", "d"]:
        category = await hermod.call("classify", text=text)
        if category > "m":
            detail = await hermod.call("summarize", text=text)
        else:
            detail = "-"
        print(category, detail)


asyncio.run(main())
