# must: max(t)
import asyncio

import hermod


async def main():
    items = ["pear", "plum", "fig"]
    total = sum([await hermod.call("price", item=item) for item in items])
    best = max([await hermod.call("embed", text=item) for item in items])
    print(f"{total:.2f} {best:.2f}")


asyncio.run(main())
