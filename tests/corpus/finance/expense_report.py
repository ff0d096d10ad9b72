# Request: read all my transactions of the account, categorise them and show totals per category.
# shape: cursor-while-more; tags: effects
import asyncio
from collections import defaultdict

import hermod


async def main():
    totals = defaultdict(float)
    cursor, pages = 0, 0
    while True:
        page = await hermod.call("list_transactions", account="DE01", cursor=cursor)
        pages += 1
        for item in page["items"]:
            category = await hermod.call("categorize", description=item["merchant"])
            totals[category] += item["amount"]
        if not page["more"] or pages >= 4:
            break
        cursor = page["next"]
    for category in sorted(totals, key=totals.get, reverse=True):
        print(f"{category:<8}{totals[category]:>10.2f}")
    print(f"({pages} pages)")


asyncio.run(main())
