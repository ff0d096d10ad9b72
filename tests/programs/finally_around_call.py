import asyncio

import hermod


async def main():
    for text in ["a", "b"]:
        try:
            category = await hermod.call("classify", text=text)
        finally:
            print("done", text)
        print(category)


asyncio.run(main())
