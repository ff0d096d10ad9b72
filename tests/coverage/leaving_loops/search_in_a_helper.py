# The helper returns at the first that fits; what comes after it in `main` needs nothing of it.
# must: max(sum(t[:-1]), t[-1])
import asyncio

import hermod


async def first_above(texts, limit):
    for text in texts:
        if await hermod.call("embed", text=text) > limit:
            return text
    return None


async def main():
    found = await first_above(["a", "b", "c"], 70)
    weather = await hermod.call("weather", city="Bonn")
    print(found, weather)


asyncio.run(main())
