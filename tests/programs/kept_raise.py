import asyncio

import hermod


async def check(text):
    category = await hermod.call("classify", text=text)
    if category > "t":
        raise ValueError(f"bad {text}")
    return category


async def main():
    for text in ["a", "b", "c"]:
        print(await check(text))


asyncio.run(main())
