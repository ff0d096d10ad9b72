import asyncio

import hermod


async def main():
    texts = ["a", "b", "c"]
    categories = [await hermod.call("classify", text=text) for text in texts]
    print(categories)


asyncio.run(main())
