# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["invoice", "letter", "poster", "ticket"]:
        category = await hermod.call("classify", text=text)
        print(text, category)


asyncio.run(main())
