# A write comes after all that is before it; the calls of both turns begin at once.
# takes: max(t[0] + t[1], t[2]) + t[3]
# keeps: E2 count_up
import asyncio

import hermod


async def note(text):
    category = await hermod.call("classify", text=text)
    return await hermod.call("count_up", name=category, by=1)


async def main():
    for text in ["letter", "invoice"]:  # <- here
        print(text, await note(text))  # <- here


asyncio.run(main())
