# must: max(t)
import asyncio
from collections import defaultdict

import hermod


async def main():
    groups = defaultdict(list)
    for text in ["a", "b", "c", "d"]:
        groups[await hermod.call("classify", text=text)].append(text)
    for category, texts in sorted(groups.items()):
        print(category, texts)


asyncio.run(main())
