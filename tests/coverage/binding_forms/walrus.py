# must: max(t)
import asyncio

import hermod


async def main():
    if (summary := await hermod.call("summarize", text="letter")) > "m":
        print("upper half:", summary)
    if (category := await hermod.call("classify", text="letter")) > "m":
        print("upper half:", category)
    print(summary, category)


asyncio.run(main())
