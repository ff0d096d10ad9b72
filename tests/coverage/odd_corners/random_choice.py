import asyncio
import random

import hermod


async def main():
    random.seed(1)
    texts = ["a", "b", "c"]
    a = await hermod.call("classify", text=random.choice(texts))
    b = await hermod.call("classify", text=random.choice(texts))
    random.shuffle(texts)
    c = await hermod.call("summarize", text=texts[0])
    print(a, b, c)


asyncio.run(main())
