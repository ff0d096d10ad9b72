# must: max(t)
import asyncio
import sys

import hermod


async def main():
    summary = await hermod.call("summarize", text="letter")
    category = await hermod.call("classify", text="letter")
    print(summary, category)


try:
    asyncio.run(main())
except hermod.CallError as error:
    print("failed:", error)
    sys.exit(1)
