# A turn hangs on the categories before it; the score of a turn delays nothing.
# must: max(sum(t[0:k:2]) + max(t[k:k + 2]) for k in range(0, len(t), 2))
import asyncio

import hermod


async def main():
    page, category = 0, ""
    while category != "quartz" and page < 4:
        category = await hermod.call("classify", text=f"page {page}")
        score = await hermod.call("embed", text=f"page {page}")
        print(page, category, score)
        page += 1


asyncio.run(main())
