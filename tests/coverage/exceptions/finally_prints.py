# `finally` stays where it is; both calls are issued before.
# must: max(t)
import asyncio

import hermod


async def main():
    try:
        summary = await hermod.call("summarize", text="letter")
        category = await hermod.call("classify", text="letter")
        print(summary, category)
    finally:
        print("done")


asyncio.run(main())
