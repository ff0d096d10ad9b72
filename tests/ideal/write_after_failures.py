# ideal: max(t[0], t[1]) + t[2]
# A write waits for every earlier call whose failure would have prevented it (E2).
import asyncio

import hermod


async def main():
    first = await hermod.call("classify", text="a")
    print(await hermod.call("summarize", text="b"))
    await hermod.call("index_add", text="note")
    print(first)


asyncio.run(main())
