import asyncio

import hermod


async def main():
    counts = {}
    groups = {}
    for text in ["a", "b", "c", "d"]:
        category = await hermod.call("classify", text=text)
        counts[category] = counts.get(category, 0) + 1
        groups.setdefault(category, []).append(text)
    for category, texts in sorted(groups.items()):
        print(category, counts[category], ", ".join(texts))


asyncio.run(main())
