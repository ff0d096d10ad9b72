import asyncio

import hermod


class Unclear(Exception):
    pass


async def sort_letter(text):
    category = await hermod.call("classify", text=text)
    if category > "t":
        raise Unclear(text)
    return await hermod.call("summarize", text=f"{category}: {text}")


async def main():
    for text in ["a", "b", "c"]:
        try:
            print(await sort_letter(text))
        except Unclear as error:
            print("unclear:", error)


asyncio.run(main())
