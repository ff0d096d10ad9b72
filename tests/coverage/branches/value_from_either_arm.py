# `text` carries the test, `score` does not: the last call starts with the first.
# must: max(t[0] + t[1], t[2])
import asyncio

import hermod


async def main():
    category = await hermod.call("classify", text="letter")
    if category > "k":
        text = "upper half"
    else:
        text = "lower half"
    summary = await hermod.call("summarize", text=text)
    score = await hermod.call("embed", text="letter")
    print(category, summary, score)


asyncio.run(main())
