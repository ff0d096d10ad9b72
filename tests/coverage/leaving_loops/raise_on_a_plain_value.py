# must: max(t)
import asyncio

import hermod


async def main():
    for text in ["a", "b", "c"]:
        if len(text) > 3:
            raise ValueError(f"{text} is too long")
        print(await hermod.call("classify", text=text))


asyncio.run(main())
