# The success of the first call is no test for the second (E3).
# must: max(t)
import asyncio

import hermod


async def main():
    try:
        summary = await hermod.call("summarize", text="letter")
    except hermod.CallError as error:
        print("no summary:", error)
    else:
        category = await hermod.call("classify", text="letter")
        print(summary, category)


asyncio.run(main())
