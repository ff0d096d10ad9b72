# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["invoice", "letter", "poster"]
    categories = [await hermod.call("classify", text=text) for text in texts]
    print(categories)


asyncio.run(main())
