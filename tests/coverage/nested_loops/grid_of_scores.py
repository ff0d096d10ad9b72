# must: max(t)
import asyncio

import hermod


async def main():
    names = ["ann", "bob", "cid"]
    scores = []
    for first in names:
        row = []
        for second in names:
            if first < second:
                row.append(await hermod.call("compare", first=first, second=second))
        scores.append(row)
    print(scores)


asyncio.run(main())
