# must: max(t)
import asyncio

import hermod


async def main():
    try:
        summary = await hermod.call("summarize", text="letter")
    except hermod.CallError:
        print("no summary")
        return
    category = await hermod.call("classify", text="letter")
    print(summary, category)


asyncio.run(main())
