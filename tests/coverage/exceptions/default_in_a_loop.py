# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        try:
            category = await hermod.call("classify", text=text)
        except hermod.CallError:
            category = "unknown"
        print(text, category)


asyncio.run(main())
