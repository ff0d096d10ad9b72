# All is under way at once already.
# takes: max(t)
# keeps: O4 already
import asyncio

import hermod


async def describe(text):
    return text, await hermod.call("classify", text=text)


async def main():
    tasks = [asyncio.create_task(describe(text)) for text in ["a", "b", "c"]]  # <- here
    for task in tasks:
        print(await task)


asyncio.run(main())
