# The branch hangs on the first call only, and the call before the `if` on nothing.
# must: max(t[0] + t[2], t[1])
import asyncio

import hermod


async def main():
    category = await hermod.call("classify", text="letter")
    score = await hermod.call("embed", text="letter")
    if category > "m":
        answer = await hermod.call("summarize", text="letter")
    else:
        answer = await hermod.call("translate", text="letter", language="German")
    print(answer, score)


asyncio.run(main())
