# Pure calls may cross the pause, which begins when the summary is there.
# must: max(t[0] + 2, t[1])
import asyncio

import hermod


async def main():
    summary = await hermod.call("summarize", text="letter")
    await asyncio.sleep(2)
    print(summary)
    category = await hermod.call("classify", text="letter")
    print(category)


asyncio.run(main())
