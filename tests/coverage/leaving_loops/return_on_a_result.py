# keeps: E3 return
import asyncio

import hermod


async def first_harmless(texts):
    for text in texts:  # <- here
        if await hermod.call("is_safe", text=text):
            return text
    return None


async def main():
    print(await first_harmless(["a", "b", "c", "d"]))


asyncio.run(main())
