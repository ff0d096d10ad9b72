# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["invoice", "letter", "poster"]
    index = 0
    while index < len(texts):
        category = await hermod.call("classify", text=texts[index])
        print(index, category)
        index += 1


asyncio.run(main())
