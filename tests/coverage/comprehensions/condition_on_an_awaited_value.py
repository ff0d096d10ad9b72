# must: max(t)
import asyncio

import hermod


async def main():
    texts = ["a", "b", "c", "d"]
    harmless = [text for text in texts if await hermod.call("is_safe", text=text)]
    print(len(harmless), harmless)


asyncio.run(main())
