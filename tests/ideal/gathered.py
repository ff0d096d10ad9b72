# ideal: max(t[0] + t[2], t[1])
# What looks at one of two results that are gathered does not wait for the other.
import asyncio

import hermod


async def main():
    first, second = await asyncio.gather(
        hermod.call("summarize", text="a"),
        hermod.call("summarize", text="b"),
    )
    print(second, await hermod.call("classify", text=first))


asyncio.run(main())
