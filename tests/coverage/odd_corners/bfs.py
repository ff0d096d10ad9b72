import asyncio
from collections import deque

import hermod


async def main():
    queue, seen = deque(["start"]), {"start"}
    while queue and len(seen) < 8:
        node = queue.popleft()
        for word in await hermod.call("keywords", text=node):
            if word not in seen:
                seen.add(word)
                queue.append(word)
        print(node, sorted(seen))


asyncio.run(main())
