import asyncio

import hermod


async def main():
    try:
        for text in ["a", "b", "c"]:
            category = await hermod.call("classify", text=text)
            print(category)
    except hermod.CallError as error:
        print("stopped:", error)
    print("end")


asyncio.run(main())
