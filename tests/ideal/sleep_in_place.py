# ideal: max(max(t[0], t[1]) + 2 + t[3], t[2])
# A sleep comes after what was awaited before it; reads do not cross it, pure calls do.
import asyncio

import hermod


async def main():
    print(await hermod.call("classify", text="a"))
    print(await hermod.call("weather", city="b"))
    await asyncio.sleep(2)
    print(await hermod.call("summarize", text="c"))
    print(await hermod.call("weather", city="d"))


asyncio.run(main())
