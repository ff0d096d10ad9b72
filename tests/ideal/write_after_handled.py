# ideal: max(t[0], t[1])
# The failure above is handled: it would not have prevented the write.
import asyncio

import hermod


async def main():
    try:
        print(await hermod.call("classify", text="a"))
    except hermod.CallError:
        print("no category")
    await hermod.call("index_add", text="note")


asyncio.run(main())
