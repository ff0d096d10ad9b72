# ideal: sum(t)
# Each test looks at the call before it.
import asyncio

import hermod


async def main():
    text = "a"
    steps = 0
    while len(text) > 0 and steps < 3:
        text = await hermod.call("summarize", text=text)
        steps += 1
    print(text)


asyncio.run(main())
