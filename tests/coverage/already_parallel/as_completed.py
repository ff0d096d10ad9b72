# What is printed first hangs on what ends first.
# takes: max(t)
# keeps: O4 already
import asyncio

import hermod


async def describe(text):
    return f"{text}: {await hermod.call('classify', text=text)}"


async def main():
    for one in asyncio.as_completed([describe("a"), describe("b")]):  # <- here
        print(await one)


asyncio.run(main())
