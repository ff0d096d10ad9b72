# `both` needs both of the first calls, `alone` only the first.
# must: max(t[0] + t[2], max(t[0], t[1]) + t[3])
import asyncio

import hermod


async def main():
    first = await hermod.call("summarize", text="letter")
    second = await hermod.call("summarize", text="invoice")
    alone = await hermod.call("classify", text=first)
    both = await hermod.call("compare", first=first, second=second)
    print(alone, both)


asyncio.run(main())
