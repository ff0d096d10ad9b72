# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["owl", "raven", "wren", "sparrow", "kite"]
    for text in sorted(texts, key=len)[1:]:
        if text.startswith("r"):
            continue
        category = await hermod.call("classify", text=text)
        print(category)


asyncio.run(main())
