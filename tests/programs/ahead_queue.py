import asyncio
from collections import deque

import hermod

LINKS = {"a": ["b", "c"], "b": ["d"], "c": [], "d": []}


async def main():
    queue = deque(["a"])
    seen = {"a"}
    while queue:
        page = queue.popleft()
        print(page)
        summary = await hermod.call("summarize", text=page)
        print(summary)
        for link in LINKS[page]:
            if link not in seen:
                seen.add(link)
                queue.append(link)
    print(len(seen))


asyncio.run(main())
