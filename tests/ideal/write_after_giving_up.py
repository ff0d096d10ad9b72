# ideal: max(t[0] + t[1], t[2])
# The handler returns: the failure would have prevented the write, but not the pure call.
import asyncio

import hermod


async def main():
    try:
        print(await hermod.call("classify", text="a"))
    except hermod.CallError:
        return
    await hermod.call("index_add", text="note")
    print(await hermod.call("summarize", text="b"))


asyncio.run(main())
