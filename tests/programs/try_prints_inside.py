import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        try:
            category = await hermod.call("classify", text=text)
            print("category", category)
        except hermod.CallError as error:
            print("failed", error)


asyncio.run(main())
