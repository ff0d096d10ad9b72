# After the swap `first` is what the second call gave: 1 -> 2 and 0 -> 3.
# must: max(t[1] + t[2], t[0] + t[3])
import asyncio

import hermod


async def main():
    first = await hermod.call("summarize", text="monday")
    second = await hermod.call("summarize", text="tuesday")
    first, second = second, first
    category = await hermod.call("classify", text=first)
    score = await hermod.call("embed", text=second)
    print(first, second, category, score)


asyncio.run(main())
