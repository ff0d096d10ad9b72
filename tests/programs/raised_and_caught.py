import asyncio

import hermod


async def check(text):
    try:
        category = await hermod.call("classify", text=text)
        if category < "g":
            raise ValueError(category)
        return category
    except ValueError as error:
        return f"bad {error}"


async def main():
    for text in ["a", "b", "c"]:
        verdict = await check(text)
        print(text, verdict)


asyncio.run(main())
