# ideal: max(t[0:3]) + t[3]
# A list given as a whole carries all that it holds.
import asyncio

import hermod


async def main():
    notes = []
    for text in ["a", "b", "c"]:
        notes.append(await hermod.call("summarize", text=text))
    print(await hermod.call("classify", text=str(notes)))


asyncio.run(main())
