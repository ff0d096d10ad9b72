# Time passes between the reads: the second may see another weather.
# takes: t[0] + 5 + t[1]
# keeps: E2 time passes
import asyncio

import hermod


async def main():
    before = await hermod.call("weather", city="Bonn")
    await asyncio.sleep(5)
    after = await hermod.call("weather", city="Turin")  # <- here
    print(before, after)


asyncio.run(main())
