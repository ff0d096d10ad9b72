# ideal: max(max(t[0] + t[3], t[1] + t[4]), t[2] + t[5])
# An item read from a list carries what flowed into that item alone.
import asyncio

import hermod


async def main():
    notes = []
    for text in ["a", "b", "c"]:
        notes.append(await hermod.call("summarize", text=text))
    for note in notes:
        print(await hermod.call("classify", text=note))


asyncio.run(main())
