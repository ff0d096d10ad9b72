# keeps: A3|A5 texts
import asyncio

import hermod


async def main():
    texts = ["letter"]
    same = texts
    same.append(await hermod.call("summarize", text="letter"))
    category = await hermod.call("classify", text=" ".join(texts))  # <- here
    print(category)


asyncio.run(main())
