"""Sort my ten scanned letters into folders and count them."""
# shape: classify-count; tags:
import asyncio
from collections import Counter

import hermod

LETTERS = [
    "Dear customer, your bill of May", "We agree as follows", "Hello from Rome",
    "Results of the third quarter", "Payment due", "Best wishes", "Terms of use",
    "Final notice", "Minutes", "Offer",
]  # fmt: skip


async def main():
    folders: Counter[str] = Counter()
    for letter in LETTERS:
        kind = await hermod.call("classify", text=letter)
        folders[kind] += 1
        print(f"{letter[:20]:<20} -> {kind}")
    for kind, count in folders.most_common():
        print(kind, count)


asyncio.run(main())
