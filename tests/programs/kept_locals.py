import asyncio

import hermod


async def main():
    for text in ["a", "b"]:
        category = await hermod.call("classify", text=text)
        print(category, sorted(locals()))


asyncio.run(main())
