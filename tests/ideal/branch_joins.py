# ideal: max(t[0] + t[1], t[2])
# After the test has joined, what does not look at its names is free.
import asyncio

import hermod


async def main():
    score = await hermod.call("embed", text="a")
    if score >= 0:
        print(await hermod.call("classify", text="high"))
    print(await hermod.call("summarize", text="always"))


asyncio.run(main())
