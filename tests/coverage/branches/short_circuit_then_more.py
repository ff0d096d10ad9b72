# The second operand hangs on the first; the last call hangs on neither.
# must: max(sum(t[:-1]), t[-1])
import asyncio

import hermod


async def main():
    harmless = await hermod.call("is_safe", text="a") or await hermod.call("is_safe", text="b")
    summary = await hermod.call("summarize", text="c")
    print(harmless, summary)


asyncio.run(main())
