# The next turn hangs on `category`; the summary of a turn delays nothing.
# must: max(sum(t[0:k:2]) + max(t[k:k + 2]) for k in range(0, len(t), 2))
import asyncio

import hermod


async def main():
    for text in ["first", "second", "third", "fourth"]:
        category = await hermod.call("classify", text=text)
        summary = await hermod.call("summarize", text=text)
        print(text, summary)
        if category < "g":
            break


asyncio.run(main())
