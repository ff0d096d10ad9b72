# Per topic three calls, none of which needs another.
# must: max(t)
import asyncio

import hermod


async def main():
    for topic in ["birds", "boats"]:
        for kind in ("small", "large"):
            print(await hermod.call("summarize", text=f"{kind} {topic}"))
        print(topic, await hermod.call("embed", text=topic))


asyncio.run(main())
