import asyncio

import hermod


async def main():
    category = "none"
    try:
        for text in ["a", "b", "c"]:
            category = await hermod.call("classify", text=text)
            print(category)
    except hermod.CallError:
        print("last good:", category)


asyncio.run(main())
