# Whether the second call is made hangs on the first.
# keeps: E3 test
import asyncio

import hermod


async def main():
    harmless = await hermod.call("is_safe", text="letter")
    if not harmless:
        print("not harmless")
        return
    summary = await hermod.call("summarize", text="letter")  # <- here
    print(summary)


asyncio.run(main())
