import asyncio

import hermod


async def main():
    categories = []
    for text in ["a", "b", "c"]:
        categories.append(await hermod.call("classify", text=text))
    for text in ["a", "b"]:
        print(text, await hermod.call("classify", text=text))
    print(categories)


asyncio.run(main())
