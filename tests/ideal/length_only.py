# ideal: max(max(t[0:3]), t[3])
# The length of a list that is filled without tests hangs on nothing.
import asyncio

import hermod


async def main():
    notes = []
    for text in ["a", "b", "c"]:
        notes.append(await hermod.call("summarize", text=text))
    print(notes, await hermod.call("classify", text=f"{len(notes)} notes"))


asyncio.run(main())
