# The pages one after the other, the purchases of each as soon as it is there.
import asyncio
from collections import defaultdict

import hermod


async def main():
    found, cursor, pages = [], 0, 0
    while True:
        page = await hermod.call("list_transactions", account="DE01", cursor=cursor)
        pages += 1
        found += [(item, hermod.call("categorize", description=item["merchant"])) for item in page["items"]]
        if not page["more"] or pages >= 4:
            break
        cursor = page["next"]
    totals = defaultdict(float)
    for item, category in found:
        totals[await category] += item["amount"]
    for category in sorted(totals, key=totals.get, reverse=True):
        print(f"{category:<8}{totals[category]:>10.2f}")
    print(f"({pages} pages)")


asyncio.run(main())
