# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["monday", "tuesday", "wednesday"]
    for index in range(len(texts)):
        score = await hermod.call("embed", text=texts[index])
        print(index, texts[index], score)


asyncio.run(main())
