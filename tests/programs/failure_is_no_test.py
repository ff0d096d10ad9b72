import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        try:
            category = await hermod.call("classify", text=text)
            print(text, category.upper())
        except hermod.CallError as error:
            print("no category:", error)
            return
        else:
            print(await hermod.call("summarize", text=text))
        try:
            price = await hermod.call("price", item=text)
        except hermod.CallError:
            break
        print(price)


asyncio.run(main())
