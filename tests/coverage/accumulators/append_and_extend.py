# must: max(t)
import asyncio

import hermod


async def main():
    found, words = [], []
    for text in ["letter", "invoice", "poster"]:
        found.append(await hermod.call("classify", text=text))
        words.extend(await hermod.call("keywords", text=text))
    print(found, words)


asyncio.run(main())
