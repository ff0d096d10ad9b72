# keeps: A3 seen
import asyncio

import hermod


async def main():
    seen = []
    for text in ["monday", "tuesday", "wednesday"]:  # <- here
        summary = await hermod.call("summarize", text=text + " after " + ", ".join(seen))  # <- here
        seen.append(summary)
    print(seen)


asyncio.run(main())
