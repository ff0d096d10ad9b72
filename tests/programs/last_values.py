import asyncio

import hermod


async def main():
    for number, text in enumerate(["a", "b", "c"]):
        category = await hermod.call("classify", text=text)
        print(category)
    print("last:", number, text, category)


asyncio.run(main())
