# must: max(t)
import asyncio

import hermod


async def main():
    counts = {}
    seen = set()
    for text in ["a", "b", "c", "d", "e"]:
        category = await hermod.call("classify", text=text)
        counts[category] = counts.get(category, 0) + 1
        seen.add(category)
    print(counts, sorted(seen))


asyncio.run(main())
