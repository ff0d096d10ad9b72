# The sum is taken in order; the calls do not need it.
# must: max(t)
import asyncio

import hermod


async def main():
    baskets = {"ann": ["pear", "plum"], "bob": ["fig", "kiwi", "lime"]}
    for name, items in baskets.items():
        total = 0
        for item in items:
            total += await hermod.call("price", item=item)
        print(f"{name} pays {total:.2f}")


asyncio.run(main())
