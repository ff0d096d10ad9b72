# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["letter", "invoice", "poster"]
    rest = list(texts)
    for text in texts:
        category = await hermod.call("classify", text=text)
        rest.remove(text)
        print(text, category, rest)


asyncio.run(main())
