import asyncio

import hermod


async def find(texts):
    for text in texts:
        category = await hermod.call("classify", text=text)
        if category > "m":
            return text
    return None


async def main():
    print(await find(["a", "b", "c"]))


asyncio.run(main())
