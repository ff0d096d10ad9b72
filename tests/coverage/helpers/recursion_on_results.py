# How deep it goes, and into what, is in the results.
# keeps: E3 test
import asyncio

import hermod


async def refine(text, depth):
    summary = await hermod.call("summarize", text=text)
    if len(summary) > 40 or depth == 0:
        return summary
    return await refine(f"{summary} {depth}", depth - 1)  # <- here


async def main():
    print(await refine("a letter", 3))


asyncio.run(main())
