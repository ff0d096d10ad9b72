# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["letter", "invoice", "poster"]
    same = texts
    for text in same:
        print(text in texts, await hermod.call("classify", text=text))
    print(same is texts)


asyncio.run(main())
